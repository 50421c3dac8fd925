import { endOf, type Indexed, instant } from "./town-books.ts";
import type { Row, TownHall } from "./town-hall.ts";

/** What people booked in Outlook, which becomes a reservation. */
interface Meeting {
  readonly room: string;
  /** The event's. */
  readonly id: string;
  /** On the town's wall. */
  start: string;
  /** The reservation it became, once that was seen. */
  reservation?: string;
  calledOff: boolean;
}

/** People who book rooms by Outlook: in rooms whose policy imports, each meeting is one reservation, for good. */
export class TownMeetings {
  readonly #all: Meeting[] = [];
  readonly #hall: TownHall;
  #ready: Meeting[] = [];

  constructor(hall: TownHall) {
    this.#hall = hall;
  }

  get count(): number {
    return this.#all.length;
  }

  /** An employee invites the room; it says yes, and keeps the organiser's name for a subject (S48). */
  async invite(room: string, start: string): Promise<void> {
    const words = { subject: `Meeting ${this.#all.length + 1}`, text: "Agenda" };
    const id = await this.#hall.inviteRoom({ room, start, end: endOf(start), words });
    this.#all.push({ room, id, start, calledOff: false });
  }

  /** One that both sides agree on is moved by its organiser or by the clerk, or called off; undefined where there is none. */
  async change(
    pick: <T>(from: readonly T[]) => T | undefined,
    freshSlot: (room: string) => string,
  ): Promise<string | undefined> {
    const meeting = pick(this.#ready);
    if (meeting === undefined) return undefined;
    this.#ready = this.#ready.filter((each) => each !== meeting);
    const deed = pick(["drag meeting", "drag meeting", "move meeting", "call off"] as const) ?? "drag meeting";
    if (deed === "call off") {
      await this.#hall.deleteEvent(meeting);
      meeting.calledOff = true;
      return deed;
    }
    meeting.start = freshSlot(meeting.room);
    const times = { start: meeting.start, end: endOf(meeting.start) };
    if (deed === "move meeting") await this.#hall.desk("move", { id: meeting.reservation, ...times });
    else await this.#hall.changeEvent(meeting, inUtc(times));
    return deed;
  }

  /** What is not as it should be; what is may be changed again. */
  wrong(seen: Indexed): string[] {
    this.#ready = [];
    const wrong: string[] = [];
    for (const meeting of this.#all) {
      const complaint = meeting.calledOff ? wrongAboutEnded(meeting, seen) : wrongAbout(meeting, seen);
      if (complaint !== undefined) wrong.push(`meeting in ${meeting.room} at ${meeting.start} ${complaint}`);
      else if (!meeting.calledOff) this.#ready.push(meeting);
    }
    return wrong;
  }

  /** True where a reservation is what a meeting became. */
  knows(reservation: string): boolean {
    return this.#all.some((meeting) => meeting.reservation === reservation);
  }
}

function wrongAbout(meeting: Meeting, { all, rows, shown }: Indexed): string | undefined {
  const event = all.get(`${meeting.room} ${meeting.id}`);
  if (event === undefined || event.deleted) return "is gone";
  const named = event.marks["BookingSystemId"];
  if (named === undefined) return "is no reservation yet";
  if (meeting.reservation !== undefined && meeting.reservation !== named) return `is a second reservation, ${named}`;
  const row = rows.get(named);
  if (row === undefined || !row.active) return `is reservation ${named}, which does not take place`;
  if (shown.get(named)?.length !== 1) return `is not the only event of ${named}`;
  meeting.reservation = named;
  const wanted = [instant(meeting.start), instant(endOf(meeting.start))].join();
  const said = [[event.start, event.end].join(), timesOf(row).join()];
  return said.every((each) => each === wanted) && row.resources.join() === meeting.room ? undefined : `is at ${said}`;
}

function wrongAboutEnded({ reservation = "" }: Meeting, { rows, shown }: Indexed): string | undefined {
  if (shown.has(reservation)) return "was called off and is shown";
  return rows.get(reservation)?.active === false ? undefined : "was called off and is still reserved";
}

function timesOf({ start, end }: Row): string[] {
  return [start, end].map((time) => ("date" in time ? time.date : new Date(time.dateTime).toISOString()));
}

function inUtc({ start, end }: { start: string; end: string }): object {
  const at = (local: string) => ({ dateTime: instant(local).slice(0, 19), timeZone: "UTC" });
  return { start: at(start), end: at(end) };
}
