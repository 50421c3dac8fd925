import type { CalendarConnection } from "../../ports/provider.ts";
import type { Field } from "../../sync/content.ts";
import type { Client } from "./client.ts";
import { expansion } from "./properties.ts";
import type { Settings } from "./schema.ts";

/** The primary calendar of one mailbox, which is all that a room has, and how it is spoken to. */
export interface Mailbox {
  readonly client: Client;
  readonly settings: Settings;
  /** The mailbox's address or id. */
  readonly calendarId: string;
  readonly timeZone: string;
  readonly authored: readonly Field[];
  /** Names of the properties that events of ours carry. */
  readonly properties: readonly string[];
  /** `$expand=…` for those; "" where there are none. */
  readonly expand: string;
}

export function openMailboxes(
  client: Client,
  connection: CalendarConnection<Settings>,
): (calendarId: string) => Mailbox {
  const { settings, timeZone, properties } = connection;
  const shared = { client, settings, timeZone, properties, authored: settings.authored, expand: expansion(properties) };
  return (calendarId) => ({ ...shared, calendarId });
}

export function eventsPath({ calendarId }: Mailbox): string {
  return `/users/${encodeURIComponent(calendarId)}/events`;
}

/** One event with its properties. */
export function eventPath(mailbox: Mailbox, eventId: string, as: "whole" | "bare" = "whole"): string {
  const path = `${eventsPath(mailbox)}/${encodeURIComponent(eventId)}`;
  return as === "bare" || mailbox.expand === "" ? path : `${path}?${mailbox.expand}`;
}
