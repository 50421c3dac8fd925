import type { RunningSandbox } from "../../scripts/sandbox/sandbox.ts";
import {
  type Appointment,
  BAYS,
  type Bay,
  type Event,
  localTime,
  mirrored,
  openStudio,
  type Studio,
  startOf,
} from "./studio.ts";

/**
 * What must have become of a guest's booking when all is quiet. `either`: its event was deleted after another
 * change; where a kill in between cost the knowledge that both sides agreed on that change, the change counts
 * and the event is put back (rule change-against-deletion), else the booking is cancelled.
 */
type Fate = "live" | "gone" | "either";

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Guests and staff changing bookings on both sides. Every booking is known by its guest's name, which it
 * keeps when it is booked anew under another id. Every slot is used once, so that no two bookings collide.
 */
export class Burst {
  readonly fates = new Map<string, Fate>();
  changes = 0;
  readonly #studio: Studio;
  readonly #random: () => number;
  readonly #changed = new Set<string>();
  #slot = 0;

  constructor(sandbox: Pick<RunningSandbox, "port">, random: () => number) {
    this.#studio = openStudio({ url: "", sandboxUrl: `http://localhost:${sandbox.port}`, data: "" });
    this.#random = random;
  }

  /** One change on one of the sides. */
  async change(): Promise<void> {
    const roll = this.#random();
    const done =
      roll < 0.4
        ? await this.#book()
        : await this.#changeOne(roll < 0.65 ? "move" : roll < 0.85 ? "drag" : roll < 0.93 ? "cancel" : "delete");
    if (!done) await this.#book();
    this.changes += 1;
  }

  async #book(): Promise<boolean> {
    const { bay, start } = this.#freshSlot();
    const name = `Guest ${this.fates.size + 1}`;
    await this.#studio.book(bay, start, name);
    this.fates.set(name, "live");
    return true;
  }

  /** False where no booking can take this change now. */
  async #changeOne(action: "move" | "drag" | "cancel" | "delete"): Promise<boolean> {
    const appointments = await this.#studio.appointments();
    const events = await this.#studio.events();
    const settled = [...this.fates]
      .filter(([, fate]) => fate === "live")
      .flatMap(([name]) => pairOf(name, appointments, events) ?? []);
    const chosen = settled[Math.floor(this.#random() * settled.length)];
    if (chosen === undefined) return false;
    const { name, appointment, event } = chosen;
    if (action === "cancel") this.fates.set(name, "gone");
    if (action === "delete") this.fates.set(name, this.#changed.has(name) ? "either" : "gone");
    this.#changed.add(name);
    const bay = BAYS.find((each) => each.name === appointment.ResourceName) ?? BAYS[0];
    const { start } = this.#freshSlot(bay);
    if (action === "move") await this.#studio.edit(appointment.AppointmentID, { StartTime: start });
    if (action === "drag") await this.#studio.drag(event, start);
    if (action === "cancel") await this.#studio.cancel(appointment.AppointmentID);
    if (action === "delete") await this.#studio.deleteEvent(event);
    return true;
  }

  /** Ten slots a day and bay, from the tenth day on. */
  #freshSlot(wanted?: Bay): { bay: Bay; start: string } {
    const bay = wanted ?? (this.#random() < 0.5 ? BAYS[0] : BAYS[1]);
    this.#slot += 1;
    return { bay, start: localTime(10 + Math.floor(this.#slot / 10), 8 + (this.#slot % 10)) };
  }

  /** What is wrong between the two sides; empty where they agree and every booking met its fate. */
  async disagreements(): Promise<string[]> {
    const appointments = (await this.#studio.appointments()).filter((row) => row.StatusID === 1);
    const events = (await this.#studio.events()).filter((event) => mirrored(event) !== undefined);
    const wrong = appointments.flatMap((row) => compare(row, events));
    const strays = events.filter((event) => !appointments.some((row) => String(row.AppointmentID) === mirrored(event)));
    const fates = [...this.fates].flatMap(([name, fate]) => judge(name, fate, appointments));
    return [...wrong, ...strays.map((event) => `event ${event.id} of ${event.summary} mirrors nothing`), ...fates];
  }
}

/** The one live appointment and its one event, where both say the same: nothing is under way for this guest. */
function pairOf(name: string, appointments: readonly Appointment[], events: readonly Event[]) {
  const rows = appointments.filter((row) => row.CustomerName === name && row.StatusID === 1);
  const [appointment] = rows;
  if (appointment === undefined || rows.length > 1) return undefined;
  const event = events.find((each) => mirrored(each) === String(appointment.AppointmentID));
  if (event === undefined || startOf(event) !== appointment.StartTime) return undefined;
  return { name, appointment, event };
}

function compare(row: Appointment, events: readonly Event[]): string[] {
  const own = events.filter((event) => mirrored(event) === String(row.AppointmentID));
  const [event] = own;
  const what = `appointment ${row.AppointmentID} of ${row.CustomerName}`;
  if (event === undefined || own.length > 1) return [`${what} has ${own.length} events`];
  const calendar = BAYS.find((bay) => bay.name === row.ResourceName)?.calendar;
  if (event.calendarId !== calendar) return [`${what} is on ${row.ResourceName}, its event on ${event.calendarId}`];
  return startOf(event) === row.StartTime ? [] : [`${what} starts ${row.StartTime}, its event ${startOf(event)}`];
}

function judge(name: string, fate: Fate, live: readonly Appointment[]): string[] {
  const count = live.filter((row) => row.CustomerName === name).length;
  if (fate === "either" ? count <= 1 : count === (fate === "live" ? 1 : 0)) return [];
  return [`${name} should be ${fate} and has ${count} live appointments`];
}
