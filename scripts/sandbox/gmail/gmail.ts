import { json, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { gmailError, invalid, notFound, refuse } from "./errors.ts";
import { listHistory } from "./history.ts";
import { showCerts } from "./id-token.ts";
import { getLabel, listLabels } from "./labels.ts";
import { openAccount } from "./mailbox.ts";
import { getAttachment, getMessage, listMessages } from "./messages.ts";
import { grantToken, revokeToken, showConsent } from "./oauth.ts";
import type { AccessRow } from "./rows.ts";
import { accessOf } from "./shelves.ts";
import { stopWatch, watchMailbox } from "./watch.ts";

interface MailRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: string;
  /** Quota units (API_FACTS §2). */
  readonly units: number;
  readonly handle: (call: Call, email: string, params: readonly string[]) => Reply;
}

const ROUTES: readonly MailRoute[] = [
  route("GET", "profile", "users.getProfile", 1, showProfile),
  route("GET", "labels", "labels.list", 1, listLabels),
  route("GET", "labels/([^/]+)", "labels.get", 1, getLabel),
  route("GET", "messages", "messages.list", 5, listMessages),
  route("GET", "messages/([^/]+)", "messages.get", 20, getMessage),
  route("GET", "messages/([^/]+)/attachments/([^/]+)", "attachments.get", 20, getAttachment),
  route("GET", "history", "history.list", 2, listHistory),
  route("POST", "watch", "users.watch", 100, watchMailbox),
  route("POST", "stop", "users.stop", 50, stopWatch),
];

const OAUTH: Readonly<Record<string, (call: Call) => Reply>> = {
  "/gmail/oauth/auth": showConsent,
  "/gmail/oauth/token": grantToken,
  "/gmail/oauth/revoke": revokeToken,
  "/gmail/oauth/certs": showCerts,
};

function route(method: string, path: string, operation: string, units: number, handle: MailRoute["handle"]): MailRoute {
  return { method, pattern: new RegExp(`^/gmail/v1/users/([^/]+)/${path}$`), operation, units, handle };
}

/** What a request asks for in Google's words, e.g. `messages.get`; undefined where it is nothing. */
export function gmailOperation({ method, path }: SandboxRequest): string | undefined {
  if (Object.hasOwn(OAUTH, path)) return `oauth.${path.split("/").at(-1)}`;
  return findRoute(method, path)?.operation;
}

/** Gmail v1 and the sign-in pages as a function of a request; throws `Refusal` for errors of the API. */
export function answerGmail(call: Call): Reply {
  const { method, path } = call.request;
  const page = Object.hasOwn(OAUTH, path) ? OAUTH[path] : undefined;
  if (page !== undefined) return page(call);
  const access = accessOfCall(call);
  const found = findRoute(method, path);
  if (found === undefined) return notFound();
  const [user = "", ...params] = (found.pattern.exec(path) ?? []).slice(1).map(decodePart);
  if (user !== "me" && user !== access.email) refuse(403, "forbidden", "Delegation denied for this mailbox.");
  if (!/gmail\.(readonly|modify)|mail\.google\.com/.test(access.scope)) {
    refuse(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
  }
  if (isOverQuota(call.world, access.email, found.units)) return rateLimited();
  return found.handle(call, access.email, params);
}

export function rateLimited(): Reply {
  return gmailError(403, "userRateLimitExceeded", "User-rate limit exceeded. Retry later.");
}

function findRoute(method: string, path: string): MailRoute | undefined {
  return ROUTES.find((each) => each.method === method && each.pattern.test(path));
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return invalid("Malformed path.");
  }
}

/** Whose mailbox a call is about: unlike elsewhere the token says, so that no account reads another's mail. */
function accessOfCall({ world, request, faults }: Call): AccessRow {
  const token = /^bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return refuse(401, "required", "Login Required.");
  const access = accessOf(world).get("tokens", token);
  const isGood = access !== undefined && access.expiresMs > world.now() && !faults.has("expire-token");
  return isGood ? access : refuse(401, "authError", "Invalid Credentials");
}

function showProfile(call: Call, email: string): Reply {
  const { historyId } = openAccount(call.world, email);
  return json(200, { emailAddress: email, messagesTotal: 0, threadsTotal: 0, historyId: String(historyId) });
}

/** Counts units in the minute of the clock, per user. */
function isOverQuota({ options, numbers, now }: World, email: string, units: number): boolean {
  const limit = options().gmailUnitsPerMinute;
  if (limit === null) return false;
  const minute = Math.floor(now() / 60_000);
  const group = `gmail-quota ${email}`;
  const used = numbers.get(group, "minute") === minute ? (numbers.get(group, "used") ?? 0) : 0;
  numbers.put(group, "minute", minute);
  numbers.put(group, "used", used + units);
  return used + units > limit;
}
