import type { Call } from "../world.ts";
import { eventsBetween } from "./event-store.ts";
import { occurrencesOf } from "./occurrences.ts";
import type { EventBody, EventRow, MailboxRow, Person } from "./rows.ts";

const CANCELED = "Canceled: ";

/**
 * What a room keeps of what it is sent (S48): of a meeting that somebody else organises, the organiser's name for
 * its subject. What is written into the room's own calendar is touched only where the option says `all`.
 */
export function roomSubject(
  { world }: Call,
  mailbox: MailboxRow,
  body: EventBody,
  organizer: Person,
  by: "api" | "person",
): EventBody {
  const { roomSubjects } = world.options();
  const sent = by === "person" && organizer.address !== mailbox.email;
  const replaced = roomSubjects === "all" || (roomSubjects === "meetings" && sent);
  return mailbox.room !== undefined && replaced ? { ...body, subject: organizer.name } : body;
}

/** True where the room answers a meeting with yes: nothing else takes place there then, or overlaps are allowed. */
export function roomAccepts({ world }: Call, mailbox: MailboxRow, meeting: EventRow): boolean {
  if (mailbox.room === undefined || world.options().roomOverlaps === "accept") return true;
  const year = meeting.span.startMs + 366 * 86_400_000;
  const days = meeting.series === undefined ? [meeting] : occurrencesOf(meeting, year);
  const isOther = ({ key, day }: EventRow) => key !== meeting.key && day?.master !== meeting.key;
  return days.every(({ span }) =>
    eventsBetween(world, mailbox, span.startMs, span.endMs).filter(isOther).every(isFree),
  );
}

/** The organiser's cancellation as it stands in the room: still there, free, marked in its subject. */
export function cancelledMeeting(event: EventRow): EventRow {
  const subject = event.body.subject.startsWith(CANCELED) ? event.body.subject : `${CANCELED}${event.body.subject}`;
  return { ...event, cancelled: true, body: { ...event.body, subject, showAs: "free" } };
}

function isFree({ body, cancelled }: EventRow): boolean {
  return cancelled || body.showAs === "free";
}
