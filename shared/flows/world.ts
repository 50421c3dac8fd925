import type { Config, ResourceConfig, WorkspaceConfig } from "../config.ts";
import type { BookingSource } from "../ports/booking-source.ts";
import type { Publisher } from "../ports/bus.ts";
import type { Calendar } from "../ports/calendar.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Mailboxes } from "../ports/mailbox.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { DocumentStore } from "../ports/store.ts";

/** Everything a flow may touch. Functions get it wired for the cloud or for one machine. */
export interface World {
  readonly config: Config;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly publisher: Publisher;
  readonly secrets: Secrets;
  /** The store of one workspace; throws NOT_FOUND for one the configuration lacks. */
  store(ws: string): DocumentStore;
  calendar(ws: string, calendarId: string): Calendar;
  /** A calendar account by its name, for what concerns no single calendar. */
  calendarAccount(ws: string, name: string): Calendar;
  source(ws: string, source: string): BookingSource;
  /** Where the workspace's mailboxes are; throws CONFIG_INVALID where the configuration names no provider of them. */
  mailboxes(ws: string): Mailboxes;
  /** `USCHEDULE`, `GCAL`: how a provider is called in logs. */
  label(ws: string, of: { readonly source: string } | { readonly calendar: string }): string;
  /** For what is told to people's own addresses; providers have their clients. */
  readonly fetch: typeof fetch;
  /** Public https (local: http) address of the functions, without trailing slash. */
  readonly publicUrl: string;
}

/** One workspace's configuration. Throws NOT_FOUND. */
export type { Config, ResourceConfig, WorkspaceConfig };
