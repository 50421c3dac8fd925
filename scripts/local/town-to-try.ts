import type { World } from "../../shared/flows/world.ts";
import type { ReservationRow } from "../sandbox/booking/rows.ts";
import { reservationsOf } from "../sandbox/booking/shelves.ts";
import type { Try, TryParts } from "./try.ts";

/** Three commands about rooms of the simulated booking system, the last two on a reservation that is there now; none without one ahead. */
export function townToTry({ gatewayUrl, sandbox, world }: TryParts): Try[] {
  const place = placeOf(world);
  const row = place === undefined ? undefined : firstAhead(sandbox, place);
  if (place === undefined || row === undefined) return [];
  const { ws, source } = place;
  const [room = ""] = row.resources;
  const desk = (action: string, body: object) =>
    `curl -s http://localhost:${sandbox.port}/sandbox/booking/${action} -d '${JSON.stringify(body)}'`;
  const night = dayAfter(row.endMs);
  return [
    {
      says: `Book ${room} in the booking system: an event appears on the room's Outlook calendar`,
      command: desk("book", {
        ...{ kind: "event", resources: room, start: `${night}T02:00`, end: `${night}T03:00` },
        ...{ title: "Night shift", organiser: { name: "Fire Brigade" } },
      }),
    },
    {
      says: `Change reservation ${row.id}'s contact: its event says so`,
      command: desk("edit", { id: row.id, organiser: { name: "Kari Moen", email: "kari.moen@bergen.example" } }),
    },
    {
      says: "Ask why it is as it is",
      command: `curl -s '${gatewayUrl}/api/explain/${source}:${row.id}?ws=${ws}'`,
    },
  ];
}

interface Place {
  readonly ws: string;
  readonly source: string;
  readonly rooms: readonly string[];
}

/** The one account that the simulated booking system plays. */
function placeOf(world: World): Place | undefined {
  for (const [ws, { sources, resources }] of Object.entries(world.config.workspaces)) {
    const source = Object.keys(sources).find((name) => sources[name]?.provider === "booking-api");
    if (source === undefined) continue;
    const own = Object.values(resources).filter((each) => each.source === source);
    return { ws, source, rooms: own.map(({ sourceName }) => sourceName) };
  }
  return undefined;
}

/** The next event ahead in one of the rooms, all of which are configured. */
function firstAhead({ world }: TryParts["sandbox"], { rooms }: Place): ReservationRow | undefined {
  return reservationsOf(world)
    .all("reservations")
    .filter((row) => row.active && row.kind === "event" && row.startMs > world.now())
    .filter(({ resources }) => resources.every((room) => rooms.includes(room)))
    .sort((a, b) => a.startMs - b.startMs)[0];
}

/** The date a day after an instant, in UTC: some night on which nothing of the demo takes place. */
function dayAfter(ms: number): string {
  return new Date(ms + 86_400_000).toISOString().slice(0, 10);
}
