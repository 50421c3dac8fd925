import { json, Refusal, type Reply } from "../wire.ts";

const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
};

/** An error body as Google's APIs word it. */
export function gmailError(code: number, reason: string, message: string, headers: Record<string, string> = {}): Reply {
  const domain = /limit|quota/i.test(reason) ? "usageLimits" : "global";
  const errors = [{ message, domain, reason }];
  return json(code, { error: { code, message, errors, status: STATUSES[code] ?? "INTERNAL" } }, headers);
}

export function refuse(code: number, reason: string, message: string): never {
  throw new Refusal(gmailError(code, reason, message));
}

export function notFound(): never {
  refuse(404, "notFound", "Requested entity was not found.");
}

export function invalid(message: string): never {
  refuse(400, "invalidArgument", message);
}

/** An error of the token endpoint (RFC 6749 §5.2). */
export function oauthError(error: string, description: string, status = 400): Reply {
  return json(status, { error, error_description: description });
}

export function refuseOauth(error: string, description: string, status = 400): never {
  throw new Refusal(oauthError(error, description, status));
}
