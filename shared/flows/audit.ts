import { compareVersions } from "../sync/event.ts";
import { sameSpan } from "../sync/time.ts";
import { ownerOf } from "./connect-calendar.ts";
import { settingsOf } from "./desk.ts";
import type { EventMap } from "./documents.ts";
import { mapsShowing, walkCalendar } from "./list-calendar.ts";
import { markedBooking } from "./marker.ts";
import { windowOf } from "./window.ts";
import type { World } from "./world.ts";

/** One thing on which the calendar and what Lockstep knows of it do not agree. */
export interface Drift {
  /** `orphan`: an event that says it is ours, and no map points at it. */
  readonly kind: "missing" | "differs" | "orphan";
  readonly bookingKey: string | null;
  readonly eventId: string;
}

export interface Audit {
  readonly resource: string;
  readonly calendarId: string;
  /** Events that should stand there, and those that do as known. */
  readonly expected: number;
  readonly inStep: number;
  /** The share in step, from 0 to 1; orphans count against it. */
  readonly score: number;
  readonly drifts: readonly Drift[];
}

/** A full compare of one calendar that changes nothing and asks for nothing; `POST sync` repairs. Throws as a listing does. */
export async function auditCalendar(world: World, ws: string, resource: string): Promise<Audit> {
  const { workspace, owner } = ownerOf(world, ws, settingsOf(world, { ws, resource }).resource.calendar);
  const { calendar: calendarId } = owner.resource;
  const walked = await walkCalendar(world, workspace, ws, calendarId, undefined);
  const listed = new Map(walked.events.filter(({ state }) => state === "live").map((event) => [event.id, event]));
  const maps = (await mapsShowing(world, ws, calendarId, windowOf(workspace, world.clock.now()).from)).filter(
    ({ endsAt }) => walked.until === undefined || endsAt <= walked.until,
  );
  const drifts: Drift[] = [];
  for (const map of maps) {
    const event = listed.get(map.eventId);
    if (event === undefined) drifts.push({ kind: "missing", bookingKey: map.key, eventId: map.eventId });
    else if (differs(map, event)) drifts.push({ kind: "differs", bookingKey: map.key, eventId: map.eventId });
  }
  const known = new Set(maps.map(({ eventId }) => eventId));
  const orphans = [...listed.values()].filter(
    ({ id, properties }) => !known.has(id) && markedBooking(workspace, properties) !== undefined,
  );
  const inStep = maps.length - drifts.length;
  const all = maps.length + orphans.length;
  for (const { id } of orphans) drifts.push({ kind: "orphan", bookingKey: null, eventId: id });
  return {
    ...{ resource, calendarId, inStep, drifts, expected: maps.length },
    score: all === 0 ? 1 : Math.round((inStep / all) * 1000) / 1000,
  };
}

/** Newer than what is known, and at another time. */
function differs(
  { event }: EventMap,
  found: { readonly content: EventMapContent; readonly updated?: string },
): boolean {
  if (event?.kind !== "live") return true;
  const { span } = found.content;
  if (span === undefined || event.content.span === undefined || sameSpan(span, event.content.span)) return false;
  return compareVersions(found, event) !== "older";
}

type EventMapContent = Extract<NonNullable<EventMap["event"]>, { kind: "live" }>["content"];
