import { isRecord } from "../wire.ts";
import type { Call } from "../world.ts";
import type { Window } from "./calendar-view.ts";
import { refuse } from "./errors.ts";
import { linkTo } from "./odata.ts";
import type { MailboxRow } from "./rows.ts";

/** What a delta link or a page of a round says, to the server alone. The window is frozen in it (API_FACTS §3). */
export interface DeltaToken extends Window {
  readonly mailbox: string;
  readonly epoch: number;
  /** Changes up to this one are known to its holder; -1: nothing is. */
  readonly since: number;
  readonly issuedMs: number;
  /** Of a page: the mailbox's `change` when the round began, and the place of the last item answered. */
  readonly until?: number;
  readonly after?: string;
}

export function writeDeltaToken(token: DeltaToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token of either kind. Unknown: 400; of another mailbox: 400; too old: 410 with where to start anew. */
export function readDeltaToken(call: Call, mailbox: MailboxRow, text: string): DeltaToken {
  const token = decode(text);
  if (token === undefined) return refuse(400, "syncStateInvalid", "The sync state token is malformed.");
  if (token.mailbox !== mailbox.id) return refuse(400, "syncStateNotFound", "The sync state is not of this mailbox.");
  const expired = call.world.now() - token.issuedMs > call.world.options().deltaTokenSeconds * 1000;
  if (call.faults.has("expire-delta")) return refuseToken(call, token, call.faults.value("expire-delta"));
  return expired || token.epoch < mailbox.deltaEpoch ? refuseToken(call, token, undefined) : token;
}

/** 410 with `Location`, or 400 with a code that asks for a full round. */
function refuseToken(call: Call, token: DeltaToken, code: string | undefined): never {
  if (code !== undefined) refuse(400, code, "A full synchronization is required.");
  const iso = (ms: number) => new Date(ms).toISOString();
  const location = linkTo(call, { startDateTime: iso(token.startMs), endDateTime: iso(token.endMs) });
  refuse(410, "syncStateNotFound", "The sync state generation is not found; start anew.", { location });
}

function decode(text: string): DeltaToken | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    const numbers = ["epoch", "since", "issuedMs", "startMs", "endMs"];
    if (!isRecord(value) || typeof value.mailbox !== "string") return undefined;
    if (numbers.some((name) => typeof value[name] !== "number")) return undefined;
    return value as unknown as DeltaToken; // its fields were looked at; it is written by nobody else
  } catch {
    return undefined;
  }
}
