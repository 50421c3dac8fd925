import { json, Refusal, type Reply } from "../wire.ts";

interface GoogleError {
  readonly reason: string;
  readonly message: string;
  readonly domain?: "calendar" | "global" | "usageLimits";
  readonly locationType?: string;
  readonly location?: string;
}

/** An error body as Google documents it (API_FACTS §1). */
export function googleError(code: number, error: GoogleError, headers: Record<string, string> = {}): Reply {
  const entry = { domain: "global", ...error };
  return json(code, { error: { code, message: error.message, errors: [entry] } }, headers);
}

export function refuse(code: number, error: GoogleError): never {
  throw new Refusal(googleError(code, error));
}

export function notFound(): never {
  refuse(404, { reason: "notFound", message: "Not Found" });
}

export function invalid(message: string, location?: string): never {
  const where = location === undefined ? {} : { locationType: "parameter", location };
  refuse(400, { reason: "invalid", message, ...where });
}

export function emptyTimeRange(): never {
  refuse(400, { reason: "timeRangeEmpty", message: "The specified time range is empty.", domain: "calendar" });
}

export function duplicate(): never {
  refuse(409, { reason: "duplicate", message: "The requested identifier already exists." });
}

export function alreadyDeleted(): never {
  refuse(410, { reason: "deleted", message: "Resource has been deleted" });
}

export function conditionNotMet(): never {
  refuse(412, {
    reason: "conditionNotMet",
    message: "Precondition Failed",
    locationType: "header",
    location: "If-Match",
  });
}

export function fullSyncRequired(): never {
  refuse(410, {
    reason: "fullSyncRequired",
    message: "Sync token is no longer valid, a full sync is required.",
    domain: "calendar",
    locationType: "parameter",
    location: "syncToken",
  });
}

export function unauthorized(token: "missing" | "expired"): Reply {
  const error =
    token === "missing"
      ? { reason: "required", message: "Login Required." }
      : { reason: "authError", message: "Invalid Credentials" };
  return googleError(401, { ...error, locationType: "header", location: "Authorization" });
}

export function rateLimited(): Reply {
  return googleError(403, { reason: "rateLimitExceeded", message: "Rate Limit Exceeded", domain: "usageLimits" });
}
