import { createHash } from "node:crypto";
import type { Calendar } from "../../shared/ports/calendar.ts";
import type { CalendarProvider, Provider } from "../../shared/ports/provider.ts";

/**
 * A calendar provider as if it chose the ids, at its most forgetful: a key means nothing to it, a second insert
 * under the same key makes a second event, and of a deleted event nothing is left but the id in a listing.
 */
export function choosingIds(provider: CalendarProvider): CalendarProvider {
  let made = 0;
  const fresh = (key: string) => {
    made += 1;
    return createHash("sha256").update(`${key} ${made}`).digest("hex").slice(0, 26);
  };
  return { ...provider, connect: (connection) => choose(provider.connect(connection), fresh) };
}

function choose(calendar: Calendar, fresh: (key: string) => string): Calendar {
  return {
    ...calendar,
    capabilities: { ...calendar.capabilities, assignsIds: true },
    insert: (event) => calendar.insert({ ...event, id: fresh(event.id) }),
    async changes(query) {
      const page = await calendar.changes(query);
      const events = page.events.map(({ id, calendarId, ...event }) =>
        event.state === "live"
          ? { id, calendarId, ...event }
          : { id, calendarId, state: "deleted" as const, content: {}, properties: {} },
      );
      return { ...page, events };
    },
    async get(calendarId, eventId) {
      const event = await calendar.get(calendarId, eventId);
      return event?.state === "live" ? event : undefined;
    },
  };
}

/** All providers, the calendar ones of them choosing ids. */
export function withChosenIds(providers: Readonly<Record<string, Provider>>): Record<string, Provider> {
  const entries = Object.entries(providers);
  return Object.fromEntries(entries.map(([name, each]) => [name, each.kind === "calendar" ? choosingIds(each) : each]));
}
