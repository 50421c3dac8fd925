import { z } from "zod";
import { ERRORS, type ErrorCode } from "../../shared/errors.ts";
import type { Answer } from "./send.ts";

/** A guest's name in every valid body: it may never come back in a refusal, nor reach a log. */
export const GUEST = "Jane Canary";

/** RFC 9457, with exactly our own members. */
const Problem = z.strictObject({
  type: z.string().startsWith("urn:problem-type:lockstep:"),
  title: z.string().min(1),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().min(1).max(2_000),
  remedy: z.string().min(1),
  trace: z.string().regex(/^[0-9a-f]{32}$/),
});

const STACK = /\n\s+at |node_modules|node:internal|\.ts:\d+|Error:/;

/** What is wrong with an answer in itself, whatever was asked; empty: nothing. */
export function complaintsOf(answer: Answer, secrets: readonly string[]): string[] {
  const { status, body } = answer;
  if (status === 0) return ["the connection was closed without an answer"];
  if (status >= 500) return [`status ${status}: ${body.slice(0, 600)}`];
  const isSentOn = status === 302 && answer.headers["location"] !== undefined;
  if (status < 200 || (status >= 300 && status < 400 && !isSentOn)) return [`status ${status}`];
  const told = secrets.filter((secret) => body.includes(secret)).map(() => "the answer tells a secret");
  return status < 400 ? told : [...told, ...complaintsOfRefusal(answer)];
}

function complaintsOfRefusal({ status, headers, body, bodiless }: Answer): string[] {
  if (headers["content-type"] !== "application/problem+json") {
    return [`a refusal of type ${headers["content-type"] ?? "none"}: ${body.slice(0, 300)}`];
  }
  if (bodiless) return [];
  const parsed = Problem.safeParse(readJson(body));
  if (!parsed.success) return [`no problem of RFC 9457: ${z.prettifyError(parsed.error)} in ${body.slice(0, 600)}`];
  const { code, detail } = parsed.data;
  return [
    ...(Object.hasOwn(ERRORS, code) ? [] : [`the code ${code} is not in the catalogue`]),
    ...(parsed.data.status === status && isStatusOf(code, status) ? [] : [`${code} with status ${status}`]),
    ...(STACK.test(detail) ? [`a stack or an error's own words: ${detail}`] : []),
    ...(body.includes(GUEST) ? ["the guest's name comes back"] : []),
  ];
}

/** A code has one status; what cannot be read as HTTP has more words than we have codes. */
function isStatusOf(code: string, status: number): boolean {
  if (code === "INVALID_REQUEST" && [408, 413, 431].includes(status)) return true;
  // Proof: the catalogue has the code, as the line before says; where it has not, that is a complaint already.
  return Object.hasOwn(ERRORS, code) && ERRORS[code as ErrorCode].status === status;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a refusal says is wrong; "" where the answer is none. */
export function detailOf({ body }: Answer): string {
  return z.object({ detail: z.string() }).safeParse(readJson(body)).data?.detail ?? "";
}

/** The answer's body as JSON. */
export function jsonOf({ body }: Answer): unknown {
  return readJson(body);
}
