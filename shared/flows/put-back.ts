import { type Content, differingFields, FIELDS, type Field, pick } from "../sync/content.ts";
import type { Decided } from "../sync/decide.ts";
import type { Effect } from "../sync/decision.ts";
import type { Carried } from "./carried.ts";
import { contentOf, type Desk } from "./desk.ts";
import type { ReviewItem } from "./documents.ts";
import { readEvent } from "./look.ts";
import { openReview } from "./review.ts";

const WHY: Partial<Record<ReviewItem["kind"], string>> = {
  "slot-taken": "the new time is not free at the booking source; the event was put back.",
  "time-not-writable": "the booking source has no bookings of such a time; the event was put back.",
  "rebooking-failed": "the new booking was cancelled, or not for the same customer or length; the event was put back.",
};

/**
 * A move that cannot be carried to the booking source: the event goes back to when and where the booking is,
 * and a person is asked. What else was edited stays on the calendar, as without the move; what goes back is kept
 * in the review item and the journal. One that was carried away is looked at first, where a worker that was cut off saw it
 * last: deleted there since, that is decided on.
 */
export async function putBack(desk: Desk, decided: Decided, kind: ReviewItem["kind"]): Promise<Carried> {
  if (desk.map.event?.kind === "elsewhere" && !desk.eventRead) await readEvent(desk);
  if (desk.map.event?.kind === "deleted") return { outcome: "again", decided };
  const content = contentOf(desk);
  if (content === undefined) throw new Error("nothing to put the event back to");
  const { event } = desk.map;
  const moved = event?.kind === "live" || event?.kind === "elsewhere" ? event.content : {};
  const back = event?.kind === "elsewhere" ? differingFields(moved, content) : pickSpan(moved);
  const lost = back.map((field) => ({ side: "calendar" as const, field, value: pick(moved, [field]) }));
  const { resource, bookingId } = desk.place;
  desk.along.push(
    openReview(
      {
        id: `${kind}~${desk.key}~${resource}`,
        kind,
        detail: `Booking ${bookingId} on ${resource}: ${WHY[kind] ?? "the move was not possible."}`,
        key: desk.key,
        resource,
        calendarId: desk.map.calendarId,
        eventId: desk.map.eventId,
        lost,
      },
      desk.now,
    ),
  );
  const restored: Effect[] = [
    { kind: "remove-event", how: "delete" },
    { kind: "restore-event", content },
  ];
  const patch = { ...patchOf(decided), ...pick(content, ["span"]) };
  const put: Pick<Decided, "effects" | "agreed"> =
    event?.kind === "elsewhere"
      ? { effects: restored, agreed: FIELDS }
      : {
          effects: [{ kind: "patch-event", content: patch }],
          agreed: FIELDS.filter((field) => !isNews(desk, field, patch)),
        };
  const instead: Decided = { ...decided, ...put, status: "active", lost: [...decided.lost, ...lost] };
  return { outcome: "instead", decided: instead };
}

/** What the booking says since this move began, and no decision has looked at yet. */
function isNews(desk: Desk, field: Field, patch: Content): boolean {
  const { base } = desk.map;
  if (base === undefined || patch[field] !== undefined) return false;
  return differingFields(contentOf(desk) ?? {}, base.booking).includes(field);
}

function pickSpan(moved: Content): Field[] {
  return moved.span === undefined ? [] : ["span"];
}

/** What the same decision writes to the event anyway. */
export function patchOf({ effects }: Decided): Content {
  return effects.find((effect) => effect.kind === "patch-event")?.content ?? {};
}
