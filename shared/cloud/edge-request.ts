import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { LockstepError } from "../errors.ts";

/** One HTTP request as a function's shell gets it: routed, read, not yet trusted. */
export interface EdgeRequest {
  readonly method: string;
  /** Decoded parts of the path below the function: `["loft", "uschedule"]`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trace: string;
}

export interface EdgeAnswer {
  readonly status: number;
  readonly json?: unknown;
  /** In place of `json`: sent as it is. */
  readonly text?: string;
  /** In place of both: written piece by piece, until it resolves or `closed` says that nobody listens any more. */
  readonly stream?: (write: (text: string) => void, closed: AbortSignal) => Promise<void>;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** Taken, nothing to say. */
export const NO_CONTENT: EdgeAnswer = { status: 204 };

/** One header's value; "" where it is missing, the first where it was sent twice. */
export function header(request: { readonly headers: IncomingHttpHeaders }, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** The parts of a path, without the function's own name in front. Throws INVALID_REQUEST on bad escapes. */
export function pathBelow(name: string, pathname: string): string[] {
  const parts = decodedParts(pathname);
  return parts[0] === name ? parts.slice(1) : parts;
}

/** The parts of a path, decoded. Throws INVALID_REQUEST on bad escapes. */
export function decodedParts(pathname: string): string[] {
  try {
    return pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch (cause) {
    throw new LockstepError("INVALID_REQUEST", { detail: "The address holds a broken percent escape.", cause });
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as JSON, undefined where there is none. Throws INVALID_REQUEST without quoting it. */
export function jsonBody(body: Buffer): unknown {
  if (body.length === 0) {
    return undefined;
  }
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new LockstepError("INVALID_REQUEST", { detail: "The body is not JSON in UTF-8.", cause });
  }
}

/** `value` as the schema reads it. Throws INVALID_REQUEST naming each wrong place and what is expected there. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  throw new LockstepError("INVALID_REQUEST", { detail: detailOf(result.error, where), cause: result.error });
}

function detailOf(error: z.ZodError, where: string): string {
  const shown = error.issues
    .slice(0, 5)
    .map((issue) => shorten(`${[where, ...issue.path].join(".")}: ${issue.message}`));
  const more = error.issues.length - shown.length;
  return more > 0 ? `${shown.join("; ")}; and ${more} more` : shown.join("; ");
}

/** Names are part of what was sent, and may be of any length. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
