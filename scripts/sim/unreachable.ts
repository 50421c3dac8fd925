import type { Unreachable } from "./cell.ts";
import { type Providers, pairOf } from "./sides/registry.ts";

const NO_BASE_UNREAD =
  "A base is written only beside a booking that was read, in one commit (settle.ts, rekey.ts, recoverBase in look.ts), and inherit in succession.ts hands it on with the event; ";
const NO_BASE_WITHOUT_EVENT =
  "A base goes whenever the event goes (withoutEvent, restoreEvent, takeInOrphan), and decideOnce in turn.ts reads the event of a map that points at one nobody has seen; so with a base there is an event. ";

/** Cells that no decision of the product can come to. */
const BY_THE_CODE: readonly Unreachable[] = [
  {
    cell: "unseen × changed",
    why: `${NO_BASE_UNREAD}without base and booking viewEvent has nothing that an event could differ from.`,
  },
  {
    cell: "unseen × deleted",
    why: `${NO_BASE_UNREAD}without base and booking wasStillToCome knows no time, so a tombstone counts as past-deleted.`,
  },
  {
    cell: "same × none",
    why: `${NO_BASE_WITHOUT_EVENT}Without a base viewBooking says new.`,
  },
  {
    cell: "changed × none",
    why: `${NO_BASE_WITHOUT_EVENT}Without a base viewBooking says new.`,
  },
];

const BY_CHANCE: readonly Unreachable[] = (["deleted", "past-deleted", "moved", "unmarked"] as const).map((event) => ({
  cell: `new × ${event}`,
  why: "A worker died between an insert and its commit (learnFromTaken in carry-out.ts), and somebody was at the event before the next one came.",
}));

/** Those, and what the two providers exclude. Whoever hits one has disproved its sentence: the run fails. */
export function unreachableBeside(providers: Providers): readonly Unreachable[] {
  const { calendar, source } = pairOf(providers);
  return [...BY_THE_CODE, ...calendar.unreachable, ...source.unreachable];
}

/** Those that no run is asked for. */
export function byChanceBeside(providers: Providers): readonly Unreachable[] {
  const { calendar, source } = pairOf(providers);
  return [...BY_CHANCE, ...calendar.byChance, ...source.byChance];
}
