import type { Call } from "../world.ts";
import type { EventRow, MailRow } from "./rows.ts";
import { mailsOf } from "./shelves.ts";

/** What Exchange would mail to the guests of a mailbox's own event; nobody asked it to, nobody can forbid it. */
export function mailGuests({ world }: Call, event: EventRow, kind: MailRow["kind"]): void {
  const to = event.body.attendees.map(({ emailAddress }) => emailAddress.address);
  if (event.response !== "organizer" || to.length === 0) return;
  const at = new Date(world.now()).toISOString();
  const mail = { at, kind, from: event.organizer.address, to, subject: event.body.subject };
  mailsOf(world).put("mails", String(world.next("graph-mail")), mail);
}
