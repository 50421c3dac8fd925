import type { Stay } from "./town-books.ts";

/** What people do to a reservation or its event. */
export type Deed =
  | "move"
  | "contact"
  | "words"
  | "other-room"
  | "cancel"
  | "enable"
  | "drag"
  | "rename"
  | "write"
  | "erase"
  | "both"
  | "collide";

/** How often, of a hundred; what no reservation can take becomes a booking. */
export const SHARES: readonly (readonly [
  Deed | "book" | "repeat" | "close" | "stranger" | "invite" | "meeting",
  number,
])[] = [
  ["book", 20],
  ["move", 13],
  ["contact", 8],
  ["words", 5],
  ["other-room", 4],
  ["cancel", 7],
  ["enable", 7],
  ["drag", 13],
  ["rename", 5],
  ["write", 5],
  ["erase", 5],
  ["both", 2],
  ["collide", 3],
  ["stranger", 3],
  ["repeat", 1],
  ["close", 1],
  ["invite", 4],
  ["meeting", 3],
];

/** The clerk's and the Outlook user's hands on one reservation. */
export interface Hands {
  /** In which of its rooms the Outlook user works. */
  readonly room: string;
  desk(action: string, body?: object): Promise<unknown>;
  /** Changes the event in that room. */
  change(body: object): Promise<void>;
  /** Deletes it. */
  erase(): Promise<void>;
  freshSlot(rooms: readonly string[]): string;
  anotherRoom(): string;
  /** A slot as the clerk types it, and as an Outlook sends it. */
  times(start: string): object;
  zoned(start: string): object;
}

/** Each does it, notes what should become of it on both sides, and answers how many changes it was. */
export const DEEDS: Readonly<Record<Deed, (stay: Stay, hands: Hands) => Promise<number>>> = {
  async move(stay, { desk, freshSlot, times }) {
    stay.start = freshSlot(stay.rooms);
    await desk("move", times(stay.start));
    return 1;
  },
  async contact(stay, { desk }) {
    await changeContact(stay, desk);
    return 1;
  },
  async words(stay, { desk }) {
    stay.title = `${stay.title}, new`;
    stay.notes = `${stay.notes}, tables`;
    // The template of allocations names neither.
    if (stay.kind !== "allocation") for (const own of Object.values(stay.own)) delete own.text;
    await desk("edit", { title: stay.title, description: stay.notes });
    return 1;
  },
  async "other-room"(stay, { desk, freshSlot, times, anotherRoom }) {
    stay.rooms = [anotherRoom()];
    stay.start = freshSlot(stay.rooms);
    stay.own = {};
    await desk("rooms", { resources: stay.rooms, ...times(stay.start) });
    return 1;
  },
  async cancel(stay, { desk }) {
    end(stay);
    await desk("cancel");
    return 1;
  },
  async enable(stay, { desk }) {
    stay.active = true;
    await desk("enable");
    return 1;
  },
  async drag(stay, { change, freshSlot, zoned }) {
    stay.start = freshSlot(stay.rooms);
    await change(zoned(stay.start));
    return 1;
  },
  async rename(stay, { change, room }) {
    const title = `Choir practice ${stay.id}`;
    stay.own[room] = { ...stay.own[room], title };
    await change({ subject: title });
    return 1;
  },
  async write(stay, { change, room }) {
    stay.own[room] = { ...stay.own[room], text: `Bring cups to ${stay.id}` };
    await change({ body: { contentType: "html", content: `<p>Bring <b>cups</b> to ${stay.id}</p>` } });
    return 1;
  },
  async erase(stay, { erase }) {
    end(stay);
    await erase();
    return 1;
  },
  /** Time in Outlook, contact at the desk, at once: both stand. */
  async both(stay, { desk, change, freshSlot, zoned }) {
    stay.start = freshSlot(stay.rooms);
    await change(zoned(stay.start));
    await changeContact(stay, desk);
    return 2;
  },
  /** The time on both sides, at once: the booking system has authority. */
  async collide(stay, { desk, change, freshSlot, zoned, times }) {
    await change(zoned(freshSlot(stay.rooms)));
    stay.start = freshSlot(stay.rooms);
    await desk("move", times(stay.start));
    return 2;
  },
};

/** Title and text of every kind name the contact, so what people had written over it goes. */
async function changeContact(stay: Stay, desk: Hands["desk"]): Promise<void> {
  stay.customer = `${stay.customer} & Co`;
  stay.own = {};
  await desk("edit", { organiser: { name: stay.customer, email: stay.email } });
}

/** Cancelled, or its event deleted: re-enabled it says what the booking system says. */
function end(stay: Stay): void {
  stay.active = false;
  stay.own = {};
}

/** What is said of a reservation as the clerk types it. */
export function spoken({ title, notes, customer, email }: Pick<Stay, "title" | "notes" | "customer" | "email">) {
  return { title, description: notes, organiser: { name: customer, email } };
}
