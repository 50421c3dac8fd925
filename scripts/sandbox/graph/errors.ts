import { json, Refusal, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";

/** An error body as Graph words it. The request's id makes two of them differ, as in reality. */
export function graphError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { code, message, innerError: {} } }, { ...headers });
}

/** The same with the ids that support asks for. */
export function stampError(call: Call, reply: Reply): Reply {
  if (reply.status < 400) return reply;
  const id = guid(call.world.newId());
  const date = new Date(call.world.now()).toISOString().slice(0, 19);
  const asked = call.request.headers["client-request-id"];
  const innerError = { date, "request-id": id, "client-request-id": asked ?? id };
  const { error } = JSON.parse(reply.body);
  return json(reply.status, { error: { ...error, innerError } }, { ...reply.headers, "request-id": id });
}

/** 32 hexadecimal digits in the form of the directory's ids. */
export function guid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

export function refuse(status: number, code: string, message: string, headers?: Record<string, string>): never {
  throw new Refusal(graphError(status, code, message, headers));
}

export function itemNotFound(): never {
  refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.");
}

export function userNotFound(user: string): never {
  refuse(404, "ErrorInvalidUser", `The requested user '${user}' is invalid.`);
}

export function badRequest(message: string, code = "ErrorInvalidRequest"): never {
  refuse(400, code, message);
}

export function throttled(seconds: string): Reply {
  return graphError(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.", {
    "retry-after": seconds,
  });
}
