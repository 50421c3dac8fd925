import { type ErrorCode, isError, LockstepError } from "../../errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Connection } from "../../ports/provider.ts";
import type { Instant } from "../../sync/time.ts";
import { openPause, retry } from "../retry.ts";
import { tryJson } from "../try-json.ts";
import { brokenAnswer, type Failure, toError } from "./failures.ts";
import { Login, type Settings } from "./schema.ts";
import { exchange } from "./transport.ts";

/** After a refused login nobody tries again for this long: repeated ones lock accounts. */
const REFUSED_PAUSE_MS = 60_000;
const STAND_IN_WORD = "sandbox";

export interface SessionCall {
  readonly method: string;
  /** Sent as JSON by POST; left out: a GET. */
  readonly body?: object;
  /** True for calls that take effect once however often they are sent; `bookit` is not (R4). */
  readonly repeatable: boolean;
  /** What a failure means here, where that is not the usual. */
  readonly means?: (failure: Failure) => ErrorCode | undefined;
  /** Not sent after this instant; throws PROVIDER_UNAVAILABLE then. */
  readonly before?: Instant | undefined;
}

export interface Session {
  /** The answer's text. Throws what the port documents. */
  text(call: SessionCall): Promise<string>;
  /** The answer as JSON, not yet checked. */
  json(call: SessionCall): Promise<unknown>;
}

/**
 * A login, shared by all calls of this instance and renewed when USchedule answers 401. Throws
 * CONFIG_INVALID where real USchedule is meant and credentials are not named.
 */
export function openSession(connection: Connection<Settings>): Session {
  requireCredentials(connection);
  const paused = openPause(connection.clock, "USchedule");
  let current: Promise<string> | undefined;
  let refusedUntil = 0;

  function token(stale?: Promise<string>): Promise<string> {
    if (current === undefined || current === stale) {
      const fresh = logIn();
      current = fresh;
      fresh.catch(() => {
        if (current === fresh) current = undefined;
      });
    }
    return current;
  }

  async function logIn(): Promise<string> {
    if (Date.parse(connection.clock.now()) < refusedUntil) throw refusedLogin();
    try {
      return await retry(connection.clock, () => sendLogin(connection));
    } catch (error) {
      if (isError(error, "PROVIDER_UNAUTHORIZED")) {
        refusedUntil = Date.parse(connection.clock.now()) + REFUSED_PAUSE_MS;
      }
      throw error;
    }
  }

  async function send(call: SessionCall, used: Promise<string>): Promise<string> {
    const headers = { ...(await applicationKey(connection)), "X-US-AuthToken": await used };
    requireTime(connection.clock, call);
    const answer = await exchange(connection, { ...call, headers });
    if (answer.ok) return answer.text;
    throw toError(answer, call.method, call.means);
  }

  /** A 401 is answered by one new login, whichever of several calls meets it first. */
  async function sendLoggedIn(call: SessionCall): Promise<string> {
    const used = token();
    await used;
    try {
      return await send(call, used);
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAUTHORIZED")) throw error;
      const renewed = token(used);
      await renewed;
      if (!call.repeatable) throw error;
      return await send(call, renewed);
    }
  }

  const text = (call: SessionCall) =>
    call.repeatable
      ? retry(connection.clock, () => paused(() => sendLoggedIn(call)))
      : paused(() => sendLoggedIn(call));
  return { text, json: async (call) => parseAnswer(await text(call), call.method) };
}

/** A login or the attempts before may have taken long. */
function requireTime(clock: Clock, { method, before }: SessionCall): void {
  if (before === undefined || clock.now() < before) return;
  throw new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `USchedule: ${method} was not sent: too late for it.`,
    provider: "not sent",
  });
}

async function sendLogin(connection: Connection<Settings>): Promise<string> {
  const { userName, password } = connection.settings;
  const body = {
    UserName: userName ?? STAND_IN_WORD,
    Password: password === undefined ? STAND_IN_WORD : await connection.secrets.read(password),
  };
  const answer = await exchange(connection, {
    method: "validateuser",
    body,
    headers: await applicationKey(connection),
  });
  if (!answer.ok)
    throw toError(answer, "validateuser", ({ status }) => (status === 400 ? "PROVIDER_UNAUTHORIZED" : undefined));
  const login = Login.safeParse(parseAnswer(answer.text, "validateuser"));
  if (!login.success) throw refusedLogin();
  return login.data.AuthKey;
}

async function applicationKey({ settings, secrets }: Connection<Settings>): Promise<Record<string, string>> {
  const name = settings.applicationKey;
  return { "X-US-Application-Key": name === undefined ? STAND_IN_WORD : (await secrets.read(name)).trim() };
}

/** Empty reads as null: that is how some methods say "nothing". */
function parseAnswer(text: string, method: string): unknown {
  const value = text.trim() === "" ? null : tryJson(text);
  if (value === undefined) throw brokenAnswer(method, "it is no JSON");
  return value;
}

function refusedLogin(): LockstepError {
  return new LockstepError("PROVIDER_UNAUTHORIZED", {
    detail: "USchedule refused the login; check userName, password and applicationKey.",
    provider: "validateuser without AuthKey",
  });
}

function requireCredentials({ root, settings }: Connection<Settings>): void {
  const { hostname } = new URL(root);
  if (hostname !== "uschedule.com" && !hostname.endsWith(".uschedule.com")) return;
  const missing = (["userName", "password", "applicationKey"] as const).filter((name) => settings[name] === undefined);
  if (missing.length === 0) return;
  throw new LockstepError("CONFIG_INVALID", {
    detail: `uschedule at ${root} needs ${missing.join(", ")} (password and applicationKey name secrets).`,
  });
}
