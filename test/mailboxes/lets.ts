import { createHash } from "node:crypto";
import { Config } from "../../shared/config.ts";
import type { BookingDoc, ReviewItem } from "../../shared/flows/documents.ts";
import type { ConnectionDoc, LastSync } from "../../shared/flows/mail/connection.ts";
import { createConnection } from "../../shared/flows/mail/edit-connection.ts";
import type { FactsDoc } from "../../shared/flows/mail/facts.ts";
import { beginHandshake, finishHandshake } from "../../shared/flows/mail/handshake.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import type { World } from "../../shared/flows/world.ts";
import { BAY_1, BAY_2, type Json, openRunningStudio, type Studio, type StudioOptions, WS } from "../flows/studio.ts";

export const ANNA = "anna@host.example";
export const LABEL = "Airbnb";
export const NOW = "2027-03-01T08:00:00.000Z";
export const PATIENCE = { budgetMs: 100_000, waitsForQuota: true };

/** Two cottages whose stays a booking system lists by whole days, without names, and a mailbox that says who comes. */
export function letsConfig(settings: Json = {}): Config {
  const cottage = (name: string, calendar: string) => ({
    source: "feed",
    sourceName: name,
    calendar,
    timeZone: "Europe/Oslo",
    title: "{customer} {guests}",
    description: "{code}",
  });
  const gmail = { topic: "projects/lets/topics/mailbox-touched", unitsPerMinute: 60_000, ...settings };
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { feed: { provider: "booking-api", settings: {} } },
        calendars: { rooms: { provider: "google-calendar", settings: {} } },
        mailbox: { provider: "gmail", settings: gmail },
        resources: { seaside: cottage("room-1", BAY_1), hillside: cottage("room-2", BAY_2) },
        daysAhead: 200,
      },
      villa: {
        sources: { feed: { provider: "booking-api", settings: {} } },
        calendars: { rooms: { provider: "google-calendar", settings: {} } },
        mailbox: { provider: "gmail", settings: gmail },
        resources: { villa: cottage("room-3", "villa@sandbox") },
      },
    },
  });
}

export interface Lets {
  readonly studio: Studio;
  readonly world: World;
  /** A connection whose mailbox is Anna's, with the label and permission. */
  readonly connection: ConnectionDoc;
}

export async function openLets(
  options: StudioOptions & { readonly settings?: Json; readonly property?: string } = {},
): Promise<Lets> {
  const { settings, property = "seaside", ...rest } = options;
  const studio = await openRunningStudio({ config: letsConfig(settings), now: NOW, ...rest });
  await studio.call("POST", "/sandbox/options", { gmailPubsub: "http://pubsub.test", gmailNoticeMs: 0 });
  await gmail(studio, "labels", { email: ANNA, name: LABEL });
  const { id } = await createConnection(studio.world, WS, { platform: "airbnb", label: LABEL, property }, "test");
  return { studio, world: studio.world, connection: await connect(studio, id) };
}

/** What people and time do to mailboxes. */
export function gmail(studio: Studio, action: string, body: Json): Promise<Json> {
  return studio.call("POST", `/sandbox/gmail/${action}`, body);
}

/** Somebody gives permission, in a browser. */
export async function connect(studio: Studio, id: string, ws = WS): Promise<ConnectionDoc> {
  const { address, verifier } = await beginHandshake(studio.world, ws, id, "test");
  const answer = await studio.sandbox.fetch(address, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "http://nowhere");
  const code = back.searchParams.get("code");
  const state = back.searchParams.get("state") ?? "";
  const finished = await finishHandshake(studio.world, { state, verifier, ...(code === null ? {} : { code }) });
  return finished.connection;
}

export async function reserve(studio: Studio, start: string, end: string, more: Json = {}): Promise<string> {
  const stay = { resources: ["room-1"], start, end, title: "Reserved", ...more };
  return String((await studio.call("POST", "/sandbox/booking/book", stay))["id"]);
}

export interface Stay {
  readonly code: string;
  readonly name: string;
  readonly checkIn: string;
  readonly checkOut: string;
  readonly guests?: number;
}

/** A confirmation as Airbnb words it. */
export function confirmation({ code, name, checkIn, checkOut, guests = 2 }: Stay): Json {
  const lines = [
    `New booking confirmed! ${name} arrives ${dayText(checkIn)}.`,
    "",
    `Check-in: ${dayText(checkIn)}`,
    `Checkout: ${dayText(checkOut)}`,
    "",
    `Guests: ${guests} adults`,
    "",
    "Confirmation code",
    code,
  ];
  return { subject: `Reservation confirmed - ${name} arrives ${dayText(checkIn)}`, text: lines.join("\n") };
}

export function cancellation({ code, checkIn, checkOut }: Stay): Json {
  const text = [
    `Your reservation ${code} was canceled by the guest.`,
    "",
    `Check-in: ${dayText(checkIn)}`,
    `Checkout: ${dayText(checkOut)}`,
  ].join("\n");
  return { subject: `Canceled: Reservation ${code}`, text };
}

export function alteration({ code, checkIn, checkOut }: Stay): Json {
  const text = [
    "The reservation was changed.",
    "",
    `Reservation code: ${code}`,
    `Check-in: ${dayText(checkIn)}`,
    `Checkout: ${dayText(checkOut)}`,
  ].join("\n");
  return { subject: `Reservation updated ${code}`, text };
}

/** `May 7, 2027` */
function dayText(date: string): string {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", month: "long", day: "numeric", year: "numeric" });
  return format.format(new Date(`${date}T00:00:00Z`));
}

/** A mail arrives under the label. Answers its message id. */
export async function arrive(studio: Studio, mail: Json, labels: readonly string[] = [LABEL]): Promise<string> {
  return String((await gmail(studio, "deliver", { email: ANNA, labels, ...mail }))["id"]);
}

export function read({ world, connection }: Lets): Promise<LastSync> {
  return syncConnection(world, WS, connection.id, PATIENCE);
}

export async function all<T extends object>(studio: Studio, collection: string): Promise<T[]> {
  return (await studio.store.query<T>({ collection })).map(({ data }) => data);
}

export function stays(studio: Studio): Promise<BookingDoc[]> {
  return all<BookingDoc>(studio, "bookings");
}

export function facts(studio: Studio): Promise<FactsDoc[]> {
  return all<FactsDoc>(studio, "facts");
}

export async function questions(studio: Studio): Promise<ReviewItem[]> {
  return (await all<ReviewItem>(studio, "reviewItems")).filter(({ status }) => status === "open");
}

/** What the calendars show, one line per event. */
export async function titles(studio: Studio): Promise<string[]> {
  const events = [...(await studio.events(BAY_1)), ...(await studio.events(BAY_2))];
  return events.map(({ summary }) => String(summary)).sort();
}

export function s256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
