import { type Evidence, isLive } from "./evidence.ts";

const HOUR = 3_600_000;

/**
 * Law 5: within any hour no more bookings of one source are cancelled for deleted events than the breaker allows,
 * unless a person approved it.
 */
export function checkBreaker({ chronicle, policy, holdWords, shown }: Evidence): string[] {
  // Both bookings of a move: what it replaced, and what it made, whatever people have written over its marker since.
  const own = new Set(
    chronicle.bookings.flatMap(({ after }) => (after?.former === undefined ? [] : [after.former, after.id])),
  );
  // Given up for a move whose new time was taken by somebody else before it was booked: a person is asked (S63).
  const movedNowhere = (id: string) => (shown.reviews.get(id) ?? []).some(({ kind }) => kind === "rebooking-failed");
  const derived = chronicle.bookings.filter(
    ({ actor, before, after }) =>
      actor === "lockstep" &&
      isLive(before) &&
      !isLive(after) &&
      !own.has(before?.id ?? "") &&
      !movedNowhere(before?.id ?? ""),
  );
  const approved = (at: number) =>
    holdWords.some(({ word, at: said }) => word !== "reject" && said <= at && at - said < 2 * HOUR);
  for (const last of derived) {
    if (approved(last.at)) continue;
    const hour = derived.filter(({ at }) => at <= last.at && at > last.at - HOUR);
    const there = chronicle.bookings.filter(({ before, at }) => before === undefined && at <= last.at).length;
    const limit = Math.max(policy.breakerCount, Math.ceil((there * policy.breakerPercent) / 100));
    // One that was re-enabled and cancelled again is one item, twice.
    const items = new Set(hour.map(({ before }) => before?.id)).size;
    if (items > limit) return [`${items} bookings were cancelled within an hour, the breaker allows ${limit}`];
  }
  return [];
}
