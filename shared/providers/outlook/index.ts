import type { CalendarProvider } from "../../ports/provider.ts";
import { listChanges } from "./changes.ts";
import { openClient } from "./client.ts";
import { openDirectory } from "./directory.ts";
import { openMailboxes } from "./mailbox.ts";
import { findEvents, getEvent } from "./read.ts";
import { Settings } from "./schema.ts";
import { openSubscription, stopSubscription } from "./watch.ts";
import { insertEvent, patchEvent, removeEvent } from "./write.ts";

/** Outlook calendars of rooms and people, through Microsoft Graph v1.0. A calendar's id is its mailbox's address. */
export const outlook: CalendarProvider<typeof Settings> = {
  kind: "calendar",
  name: "outlook",
  label: "OUTLOOK",
  root: { url: "https://graph.microsoft.com", variable: "GRAPH_API_ROOT" },
  settings: Settings,
  connect(connection) {
    const { settings, clock } = connection;
    const client = openClient(connection);
    const on = openMailboxes(client, connection);
    return {
      capabilities: {
        ...{ assignsIds: true, listsDays: true, tombstones: false },
        ...{ authored: settings.authored, pushEdge: "graph-push" },
      },
      changes: (query) => listChanges(on(query.calendarId), clock, query),
      get: (calendarId, eventId) => getEvent(on(calendarId), eventId),
      find: (calendarId, by) => findEvents(on(calendarId), by),
      insert: (event) => insertEvent(on(event.calendarId), event),
      patch: (event) => patchEvent(on(event.calendarId), event),
      remove: (event) => removeEvent(on(event.calendarId), event),
      watch: (channel) => openSubscription(on(channel.calendarId), clock, channel),
      stop: (channel) => stopSubscription(client, channel),
      directory: openDirectory(client),
    };
  },
};
