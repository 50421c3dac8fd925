import { Config } from "../../../shared/config.ts";
import type { AlertDoc } from "../../../shared/flows/documents.ts";
import { BAY_1, BAY_2, openStudio, type Studio, WS } from "../../flows/studio.ts";

/** The calendars people look at, in place of the golf studio's. */
export const COTTAGE = BAY_1;
export const MILL = BAY_2;
const MINUTE_MS = 60_000;

/** Two homes of a co-host: the cottage at three hosts, the mill at one. */
export interface Lets extends Studio {
  /** What people and hosts do at the portals; answers the entry's id. */
  host(action: string, body: object): Promise<string>;
  /** What stands on a home's calendar: `title start end`. */
  shown(calendarId?: string): Promise<string[]>;
  alerts(): Promise<string[]>;
  /** Another poll after so many minutes, and everything that follows from it. */
  look(minutes?: number): Promise<void>;
  /** Calls of feeds since this was asked last. */
  feedCalls(): number;
}

export interface LetsWords {
  /** Over the hosts' habits, by feed. */
  readonly hosts?: Readonly<Record<string, object>>;
  readonly settings?: object;
  readonly now?: string;
}

const HOSTS = {
  "cottage-airbnb": "airbnb",
  "cottage-vrbo": "vrbo",
  "cottage-booking": "booking",
  "mill-airbnb": "airbnb",
};

export async function openLets({
  hosts = {},
  settings = {},
  now = "2027-05-01T12:00:00.000Z",
}: LetsWords = {}): Promise<Lets> {
  const studio = await openStudio({ now, config: letsConfig(settings) });
  const host = async (action: string, body: object) => {
    const answer = await studio.sandbox.fetch(`http://sandbox/sandbox/ical/${action}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return String((JSON.parse(text) as { id?: string }).id); // the sandbox answers objects only
  };
  for (const [name, kind] of Object.entries(HOSTS)) await host("feed", { name, host: kind, ...hosts[name] });
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  return {
    ...studio,
    host,
    async shown(calendarId = COTTAGE) {
      const events = await studio.events(calendarId);
      return events.map(({ summary, start, end }) => `${String(summary)} ${dayOf(start)} ${dayOf(end)}`).sort();
    },
    async alerts() {
      const alerts = await studio.store.query<AlertDoc>({ collection: "alerts" });
      return alerts.filter(({ data }) => data.status === "open").map(({ data }) => data.id);
    },
    async look(minutes = 12) {
      studio.clock.advance(minutes * MINUTE_MS);
      await studio.poll();
    },
    feedCalls() {
      const calls = studio.sandbox.log.calls().filter(({ api }) => api === "ical").length;
      studio.sandbox.log.reset();
      return calls;
    },
  };
}

function dayOf(time: unknown): string {
  return time !== null && typeof time === "object" && "date" in time ? String(time.date) : "timed";
}

function letsConfig(settings: object): Config {
  const home = (sourceName: string, calendar: string) => ({
    ...{ source: "feeds", sourceName, calendar, timeZone: "Europe/London" },
    ...{ title: "{stay} {customer}", description: "{code}" },
  });
  const feeds = Object.fromEntries(
    Object.entries(HOSTS).map(([name, platform]) => {
      return [name, { platform, property: name.startsWith("cottage") ? "Seaside Cottage" : "Old Mill" }];
    }),
  );
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { feeds: { provider: "ical", settings: { feeds, ...settings } } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: { cottage: home("Seaside Cottage", COTTAGE), mill: home("Old Mill", MILL) },
        daysAhead: 500,
      },
    },
  });
}
