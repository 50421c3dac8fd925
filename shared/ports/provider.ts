import type { z } from "zod";
import type { Span } from "../sync/time.ts";
import type { BookingSource } from "./booking-source.ts";
import type { Calendar } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import type { Mailboxes } from "./mailbox.ts";
import type { SecretReader } from "./secrets.ts";
import type { SourceMemory } from "./source-memory.ts";

/** What a provider's `index.ts` exports; `registry.ts` holds one line for each. */
export type Provider = CalendarProvider | SourceProvider | MailboxProvider;

interface ProviderHead<Settings extends z.ZodType> {
  /** The folder's name, also the name in `lockstep.config.yaml`. */
  readonly name: string;
  /** Half of the `direction` in logs: `USCHEDULE_TO_GCAL`. */
  readonly label: string;
  /** Where the real API is, and the environment variable that puts something else there. */
  readonly root: { readonly url: string; readonly variable: string };
  /**
   * What `lockstep.config.yaml` says about one account. A setting that is the name of a secret is marked
   * `.meta({ secret: true })`: deployment makes the secret, and lets just those read it who must.
   */
  readonly settings: Settings;
}

export interface CalendarProvider<Settings extends z.ZodType = z.ZodType> extends ProviderHead<Settings> {
  readonly kind: "calendar";
  connect(connection: CalendarConnection<z.output<Settings>>): Calendar;
}

export interface SourceProvider<Settings extends z.ZodType = z.ZodType> extends ProviderHead<Settings> {
  readonly kind: "source";
  connect(connection: SourceConnection<z.output<Settings>>): BookingSource;
  /** How the source's webhook reads, where it has one (or something in front of it sends one). */
  readonly webhook?: WebhookReader;
}

export interface MailboxProvider<Settings extends z.ZodType = z.ZodType> extends ProviderHead<Settings> {
  readonly kind: "mailbox";
  connect(connection: Connection<z.output<Settings>>): Mailboxes;
}

/** Reads a webhook's body; no rules, no calls. */
export interface WebhookReader {
  /** What the body tells. Throws INVALID_REQUEST naming the wrong place, never quoting guest data. */
  read(body: unknown): WebhookNotice;
}

/** That something happened to a booking; the worker reads the truth (R1). */
export interface WebhookNotice {
  readonly bookingId: string;
  /** What the source calls the booking's room or bay, where the body says it. */
  readonly resource?: string;
  /** The version the booking has at least, where the source numbers them. */
  readonly version?: number;
  /** Where the booking is or was, to find it again. */
  readonly around?: Span;
}

export interface Connection<Settings> {
  readonly settings: Settings;
  /** Root without a trailing slash. */
  readonly root: string;
  /** For local times without an offset. IANA. */
  readonly timeZone: string;
  readonly secrets: SecretReader;
  readonly clock: Clock;
  /** The transport, with a time limit of its own on every call; simulations inject their own. */
  readonly fetch: typeof fetch;
}

export interface CalendarConnection<Settings> extends Connection<Settings> {
  /** Names of the private properties that Lockstep reads on events, for a provider that must be asked for each by name. */
  readonly properties: readonly string[];
}

export interface SourceConnection<Settings> extends Connection<Settings> {
  /** What all instances know of this source. */
  readonly memory: SourceMemory;
}
