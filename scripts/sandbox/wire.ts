/** A request as the state machines see it: no sockets, no streams. Header names are lower case. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What happens on the wire: the whole reply, a reply cut in the middle, or a connection closed
 * without a word. `delayMs` passes first.
 */
export type Outcome =
  | { readonly end: "whole" | "cut"; readonly reply: Reply; readonly delayMs: number }
  | { readonly end: "closed"; readonly delayMs: number };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function noContent(status = 204): Reply {
  return { status, headers: {}, body: "" };
}

/** Thrown by a state machine to answer with an error; whatever the call had changed is undone. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.name = "Refusal";
    this.reply = reply;
  }
}

/** The body as JSON; an empty body reads as an empty object. Undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
