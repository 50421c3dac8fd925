import { Temporal } from "temporal-polyfill";
import {
  endOf,
  type Fixed,
  type Indexed,
  indexed,
  isAllDay,
  names,
  type Stay,
  wrongAbout,
  wrongAboutFixed,
} from "./town-books.ts";
import { DEEDS, type Deed, type Hands, SHARES, spoken } from "./town-deeds.ts";
import { type BothSides, type RoomEvent, type Row, type TownHall, takesMeetings, ZONE } from "./town-hall.ts";
import { TownMeetings } from "./town-meetings.ts";

/** An event is deleted only where nothing is under way for its reservation, known or unknown: a deletion against a change is a matter of policy. */
const CALM_MS = 10_000;
/** In one room, so that the breaker has nothing to hold. */
const MAX_ERASED = 2;
/** Nor is the last of a room deleted: where all go, the breaker asks. */
const LEAST_LEFT = 3;

/** An event that is none of Lockstep's, as its owner left it. */
interface Stranger {
  event: RoomEvent;
  gone: boolean;
}

/** How long a change took to be seen on the other side, by the two systems' own stamps. */
export interface Taken {
  readonly from: Stay["touched"]["side"];
  readonly ms: number;
}

/** People at both systems. Every slot is used once, so no two reservations meet; a reservation is changed again only once both sides agree on it. */
export class TownDay {
  readonly stays = new Map<string, Stay>();
  readonly fixed: Fixed[] = [];
  readonly strangers: Stranger[] = [];
  readonly meetings: TownMeetings;
  readonly did = new Map<string, number>();
  readonly taken: Taken[] = [];
  changes = 0;
  readonly #hall: TownHall;
  readonly #rooms: readonly string[];
  readonly #random: () => number;
  readonly #series = new Set<string>();
  readonly #slots = new Map<string, number>();
  readonly #erased = new Map<string, number>();
  /** Agreed on at the last look, and not touched since. */
  #ready = new Set<Stay>();
  #seen: Indexed = indexed({ rows: [], events: [], underWay: 0 });

  constructor(hall: TownHall, rooms: readonly string[], random: () => number) {
    this.#hall = hall;
    this.meetings = new TownMeetings(hall);
    this.#rooms = rooms;
    this.#random = random;
  }

  /** Looks at both sides: what is wrong now. What is right may be changed again. */
  async look(): Promise<string[]> {
    this.#seen = indexed(await this.#hall.look());
    this.#ready = new Set();
    const wrong = this.fixed.flatMap((fixed) => wrongAboutFixed(fixed, this.#seen));
    wrong.push(...this.meetings.wrong(this.#seen));
    for (const stay of this.stays.values()) {
      const complaints = wrongAbout(stay, this.#seen);
      wrong.push(...complaints);
      if (complaints.length > 0) continue;
      this.#ready.add(stay);
      this.#note(stay);
    }
    return wrong;
  }

  /** One change, on one side or on both at once. */
  async change(): Promise<void> {
    const drawn = SHARES.flatMap(([deed, share]) => Array<typeof deed>(share).fill(deed));
    const deed = this.#oneOf(drawn);
    if (deed === "book") await this.book();
    else if (deed === "repeat") await this.repeat();
    else if (deed === "close") await this.close();
    else if (deed === "stranger") await this.#byStranger();
    else if (deed === "invite") await this.invite();
    else if (deed === "meeting") await this.#changeMeeting();
    else if (!(await this.#on(deed))) await this.book();
  }

  #count(what: string): void {
    this.did.set(what, (this.did.get(what) ?? 0) + 1);
  }

  /** A new reservation: of any kind, some of a whole day, some of two rooms. */
  async book(): Promise<void> {
    const number = this.stays.size + 1;
    const kind = this.#oneOf(["event", "booking", "allocation"] as const);
    const wholeDay = kind === "event" && this.#random() < 0.25;
    const rooms = this.#random() < 0.1 ? this.#twoRooms() : [this.#oneOf(this.#rooms)];
    const start = this.#freshSlot(rooms, wholeDay);
    const words = {
      ...{ title: `Gathering ${number}`, notes: `Chairs: ${number}` },
      ...{ customer: `Club ${number}`, email: `club.${number}@town.example` },
    };
    const row = await this.#desk("book", { kind, resources: rooms, ...this.#times(start), ...spoken(words) });
    const stay: Stay = {
      ...{ id: row.id, kind, rooms, start, ...words, active: true, own: {} },
      ...{ touched: { at: Date.parse(row.updatedAt), side: "desk" as const }, arrived: false },
    };
    this.stays.set(row.id, stay);
    this.changes += 1;
    this.#count("book");
    this.#count(kind);
    if (wholeDay) this.#count("whole day");
    if (rooms.length > 1) this.#count("two rooms");
  }

  /** A booking of four weeks' evenings, when nothing else takes place. */
  async repeat(): Promise<void> {
    const room = this.#oneOf(this.#rooms);
    const number = this.fixed.length + 1;
    const first = this.#evening(room);
    const words = { title: "Rehearsal", notes: "", customer: `Band ${number}`, email: `band.${number}@town.example` };
    const order = { kind: "booking", resources: room, ...this.#times(first), recurrence: "FREQ=WEEKLY;COUNT=4" };
    const { id } = await this.#desk("book", { ...order, ...spoken(words) });
    const starts = [0, 1, 2, 3].map((weeks) =>
      Temporal.PlainDateTime.from(first).add({ weeks }).toString().slice(0, 16),
    );
    this.#series.add(id);
    this.#add("repeat", { name: `${id}@`, room, starts, title: `Booking: ${words.customer}` });
  }

  /** A room is closed for an hour. */
  async close(): Promise<void> {
    const room = this.#oneOf(this.#rooms);
    const start = this.#freshSlot([room], false);
    const reason = `Cleaning ${this.fixed.length + 1}`;
    const { id } = await this.#hall.closeRoom({ resource: room, ...this.#times(start), reason });
    this.#add("close", { name: `closure:${id}`, room, starts: [start], title: `Closed: ${reason}` });
  }

  /** An employee books a room by Outlook, where that becomes a reservation. */
  async invite(): Promise<void> {
    const room = this.#oneOf(this.#rooms.filter(takesMeetings));
    await this.meetings.invite(room, this.#freshSlot([room], false));
    this.changes += 1;
    this.#count("invite");
  }

  async #changeMeeting(): Promise<void> {
    const done = await this.meetings.change(
      (from) => this.#pick(from),
      (room) => this.#freshSlot([room], false),
    );
    if (done === undefined) return this.invite();
    this.changes += 1;
    this.#count(done);
  }

  #add(what: string, fixed: Fixed): void {
    this.fixed.push(fixed);
    this.changes += 1;
    this.#count(what);
  }

  /** Eight in the evening, another day each time. */
  #evening(room: string): string {
    const days = this.#slots.get(`${room} evenings`) ?? 0;
    this.#slots.set(`${room} evenings`, days + 1);
    const day = Temporal.Now.zonedDateTimeISO(ZONE)
      .toPlainDate()
      .add({ days: 2 + (days % 7) });
    return day.toPlainDateTime({ hour: 20 + Math.floor(days / 7) }).toString({ smallestUnit: "minute" });
  }

  /** Somebody's own event, put into a room's calendar, changed or deleted there. */
  async addStranger(room = this.#oneOf(this.#rooms.filter((each) => !takesMeetings(each)))): Promise<void> {
    const body = { subject: `Private ${this.strangers.length + 1}`, ...this.#zoned(this.#freshSlot([room], false)) };
    this.strangers.push({ event: await this.#hall.addEvent(room, body), gone: false });
  }

  async #byStranger(): Promise<void> {
    const stranger = this.#pick(this.strangers.filter(({ gone }) => !gone));
    const roll = this.#random();
    if (stranger === undefined || roll < 0.3) await this.addStranger();
    else if (roll < 0.8) {
      const body = this.#zoned(this.#freshSlot([stranger.event.room], false));
      stranger.event = await this.#hall.changeEvent(stranger.event, body);
    } else {
      await this.#hall.deleteEvent(stranger.event);
      stranger.gone = true;
    }
    this.changes += 1;
    this.#count("stranger");
  }

  /** False where no reservation can take it now. */
  async #on(deed: Deed): Promise<boolean> {
    const stay = this.#pick([...this.#ready].filter((each) => this.#takes(each, deed)));
    if (stay === undefined) return false;
    this.#ready.delete(stay);
    this.changes += await DEEDS[deed](stay, this.#handsOn(stay));
    this.#count(deed);
    return true;
  }

  #takes(stay: Stay, deed: Deed): boolean {
    const { active, rooms, touched } = stay;
    if (deed === "enable") return !active;
    if (!active) return false;
    if (deed === "other-room") return rooms.length === 1;
    if (deed !== "erase") return true;
    const erased = this.#erased.get(rooms[0] ?? "") ?? 0;
    const left = [...this.stays.values()].filter((each) => each.active && each.rooms[0] === rooms[0]).length;
    const isCalm = Date.now() - touched.at > CALM_MS;
    return rooms.length === 1 && erased < MAX_ERASED && left > LEAST_LEFT && isCalm;
  }

  #handsOn(stay: Stay): Hands {
    const room = this.#oneOf(stay.rooms);
    return {
      room,
      desk: (action, body) => this.#desk(action, { id: stay.id, ...body }),
      freshSlot: (rooms) => this.#freshSlot(rooms, isAllDay(stay)),
      times: (start) => this.#times(start),
      anotherRoom: () => this.#oneOf(this.#rooms.filter((each) => !stay.rooms.includes(each))),
      change: async (body) => {
        this.#touched(stay, (await this.#hall.changeEvent(this.#eventOf(stay, room), body)).updatedAt);
      },
      zoned: (start) => this.#zoned(start),
      erase: async () => {
        await this.#hall.deleteEvent(this.#eventOf(stay, room));
        this.#erased.set(room, (this.#erased.get(room) ?? 0) + 1);
        this.#touched(stay, new Date().toISOString());
      },
    };
  }

  #touched(stay: Stay, at: string): void {
    stay.touched = { at: Date.parse(at), side: "outlook" };
    stay.arrived = false;
  }

  #eventOf({ id }: Stay, room: string): RoomEvent {
    const event = this.#seen.shown.get(id)?.find((each) => each.room === room);
    if (event === undefined) throw new Error(`reservation ${id} was agreed on, and has no event in ${room}`);
    return event;
  }

  /** At the desk; some webhooks are doubled, lost or passed by later ones. */
  async #desk(action: string, body: object): Promise<Row> {
    const roll = this.#random();
    const fault = roll < 0.1 ? "notify-double" : roll < 0.12 ? "notify-lost" : roll < 0.15 ? "notify-reorder" : "";
    if (fault !== "") this.#count(fault);
    const row = await this.#hall.desk(action, body, fault);
    const stay = this.stays.get(row.id);
    if (stay !== undefined) {
      stay.touched = { at: Date.parse(row.updatedAt), side: "desk" };
      stay.arrived = false;
    }
    return row;
  }

  /** The other side shows the last change: since when, as that side stamped it. */
  #note(stay: Stay): void {
    if (stay.arrived) return;
    stay.arrived = true;
    const { at, side } = stay.touched;
    const stamps =
      side === "outlook"
        ? [this.#seen.rows.get(stay.id)?.updatedAt]
        : [...this.#seen.all.values()]
            .filter(({ marks }) => marks["BookingSystemId"] === stay.id)
            .map((e) => e.updatedAt);
    const seenAt = Math.max(...stamps.map((stamp) => Date.parse(stamp ?? "")));
    if (seenAt >= at) this.taken.push({ from: side, ms: seenAt - at });
  }

  /** Everything that is wrong at the end of the day, by what both systems' APIs tell. */
  verdict(read: BothSides): string[] {
    const seen = indexed(read);
    const meetings = this.meetings.wrong(seen);
    const isKnown = (id: string) =>
      this.stays.has(id) || this.meetings.knows(id) || this.fixed.some(({ name }) => names(name, id));
    const unknown = read.rows
      .filter(({ id }) => !isKnown(id) && !this.#series.has(id))
      .map(({ id }) => `reservation ${id} was made up`);
    const strays = [...seen.shown.keys()].filter((id) => !isKnown(id)).map((id) => `an event names ${id}`);
    const fixed = this.fixed.flatMap((each) => wrongAboutFixed(each, seen));
    const theirs = this.strangers.flatMap(({ event, gone }) => {
      const now = seen.all.get(`${event.room} ${event.id}`);
      if (gone) return now === undefined ? [] : [`${event.title} was deleted and is back`];
      return now?.etag === event.etag ? [] : [`${event.title} is not as its owner left it`];
    });
    return [
      ...[...this.stays.values()].flatMap((stay) => wrongAbout(stay, seen)),
      ...fixed,
      ...meetings,
      ...unknown,
      ...strays,
      ...theirs,
    ];
  }

  #twoRooms(): readonly string[] {
    const first = this.#oneOf(this.#rooms);
    return [first, this.#oneOf(this.#rooms.filter((room) => room !== first))];
  }

  /** Ten hours a day from the day after tomorrow on; whole days from the sixtieth day on. One slot for all the rooms. */
  #freshSlot(rooms: readonly string[], wholeDay: boolean): string {
    const place = (room: string) => `${room}${wholeDay ? " days" : ""}`;
    const slot = Math.max(...rooms.map((room) => this.#slots.get(place(room)) ?? 0));
    for (const room of rooms) this.#slots.set(place(room), slot + 1);
    const today = Temporal.Now.zonedDateTimeISO(ZONE).toPlainDate();
    if (wholeDay) return today.add({ days: 60 + slot }).toString();
    const day = today.add({ days: 2 + Math.floor(slot / 10) });
    return day.toPlainDateTime({ hour: 8 + (slot % 10) }).toString({ smallestUnit: "minute" });
  }

  #times(start: string): { start: string; end: string } {
    return { start, end: endOf(start) };
  }

  /** A time as different people's Outlooks send it. */
  #zoned(start: string): object {
    if (!start.includes("T")) {
      const at = (date: string) => ({ dateTime: `${date}T00:00:00`, timeZone: ZONE });
      return { isAllDay: true, start: at(start), end: at(endOf(start)) };
    }
    const timeZone = this.#oneOf([ZONE, "W. Europe Standard Time", "UTC"] as const);
    const at = (local: string) => {
      const there = Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE);
      const told = timeZone === "UTC" ? there.withTimeZone("UTC") : there;
      return { dateTime: told.toPlainDateTime().toString({ smallestUnit: "second" }), timeZone };
    };
    return { start: at(start), end: at(endOf(start)) };
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }

  #oneOf<T>(from: readonly T[]): T {
    const picked = this.#pick(from);
    if (picked === undefined) throw new Error("there is nothing to choose from");
    return picked;
  }
}
