import type { World } from "../../shared/flows/world.ts";
import type { EntryRow } from "../sandbox/ical/rows.ts";
import { allFeeds, entriesOf } from "../sandbox/ical/shelves.ts";
import type { Try, TryParts } from "./try.ts";

/** Two commands about stays at the simulated hosts, the second on one that is there now; none without feeds. */
export function letsToTry({ sandbox, world }: TryParts): Try[] {
  const feed = feedOf(world);
  const stay = feed === undefined ? undefined : firstAhead(sandbox);
  if (feed === undefined || stay === undefined) return [];
  const at = (action: string, body: object) =>
    `curl -s http://localhost:${sandbox.port}/sandbox/ical/${action} -d '${JSON.stringify(body)}'`;
  const [start, end] = [later(stay.end, 120), later(stay.end, 123)];
  return [
    {
      says: `Let a guest book at ${feed}: the stay appears on the home's calendar, and nothing where other hosts block it`,
      command: at("book", { feed, start, end, guest: "Alex Kim", code: "HMALEX0001" }),
    },
    {
      says: `Let the guest of ${stay.feed} stay a night longer: its event follows`,
      command: at("move", { feed: stay.feed, id: stay.id, end: later(stay.end, 1) }),
    },
  ];
}

/** The first feed of the configuration that is Airbnb's. */
function feedOf(world: World): string | undefined {
  const sources = Object.values(world.config.workspaces).flatMap((each) => Object.values(each.sources));
  const feeds = sources.find(({ provider }) => provider === "ical")?.settings["feeds"];
  return typeof feeds === "object" && feeds !== null ? Object.keys(feeds)[0] : undefined;
}

function firstAhead({ world }: TryParts["sandbox"]): EntryRow | undefined {
  const today = new Date(world.now()).toISOString().slice(0, 10);
  return allFeeds(world)
    .flatMap(({ name }) => entriesOf(world).all(name))
    .filter(({ kind, start, cancelled }) => kind === "stay" && !cancelled && start > today)
    .sort((a, b) => (a.start < b.start ? -1 : 1))[0];
}

function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
