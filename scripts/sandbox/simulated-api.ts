import type { PendingNotice } from "./notice.ts";
import type { Reply, SandboxRequest } from "./wire.ts";
import type { Call, World } from "./world.ts";

/**
 * One simulated provider. It owns a folder, its first part of the path and one line in `apis.ts`; its options and
 * faults are one line each in `options.ts` and `fault-kinds.ts`.
 *
 *   request ─▶ prepare ─▶ answer | Refusal ─▶ (commit | rollback) ─▶ reply
 */
export interface SimulatedApi {
  /** First part of its paths (`/google/…`, `/sandbox/google/…`); also its name in rules, logs and state. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** The state machine. Throws `Refusal` for errors of the API; what the call had changed is then undone. */
  answer(call: Call): Reply;
  /** What a request asks for in the API's own words, e.g. `events.patch`; undefined where it is nothing. */
  operation(request: SandboxRequest): string | undefined;
  /** What the faults of a call change for good, although the call is then refused. */
  prepare?(call: Call): void;
  /** An error as this API words it. */
  errorReply(error: WantedError): Reply;
  /** How this API says that there were too many calls. */
  rateLimited(): Reply;
  /** `POST /sandbox/<name>/<action>`: what people and time do to it without a call of the API. */
  readonly actions: Readonly<Record<string, (call: Call) => Reply>>;
  /** Everything it knows but credentials. */
  showState(world: World): Readonly<Record<string, unknown>>;
  /** What the call log keeps of a request beside its path. */
  remarks?(request: SandboxRequest): CallRemarks;
  readonly notices: NoticeRules;
}

export interface WantedError {
  readonly status: number;
  /** The API's own word for it; without one the API chooses. */
  readonly reason?: string;
  readonly headers: Record<string, string>;
}

export interface CallRemarks {
  /** What a calendar write said about notifying guests; absent: Google's default, none. */
  readonly sendUpdates?: string;
}

/** How one API delivers. */
export interface NoticeRules {
  /** The notice as it leaves, e.g. signed; made anew at each attempt. Absent: as it was posted. */
  seal?(world: World, notice: PendingNotice): PendingNotice;
  /** True where this status ends the delivery: taken, or refused for good. */
  settles(status: number): boolean;
}
