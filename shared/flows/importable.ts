import { importKindOf } from "../config.ts";
import type { CreatedKind } from "../ports/booking-source.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import type { Stored } from "../ports/store.ts";
import { compareVersions } from "../sync/event.ts";
import { isFuture } from "../sync/time.ts";
import type { EventItem } from "../topics/observations.ts";
import { type Place, settingsOf } from "./desk.ts";
import { type ImportDoc, importRef } from "./documents.ts";
import { isOwnId } from "./event-id.ts";
import { EVENT_KEY } from "./event-key.ts";
import { importIdOf } from "./import-key.ts";
import { isMapped, type Walked } from "./list-calendar.ts";
import { markedBooking } from "./marker.ts";
import { isReviewOpen } from "./review.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** Imports looked at in one sweep of one calendar, or of one workspace where they are parked (law 12). */
const MAX_IMPORTS = 500;

/** What meetings on this resource's calendar become. Undefined: they are left alone, and cost nothing. */
export function importKind(world: World, { ws, resource }: Pick<Place, "ws" | "resource">): CreatedKind | undefined {
  const settings = settingsOf(world, { ws, resource });
  const kind = importKindOf(settings.workspace, settings.resource);
  return kind !== undefined && world.source(ws, settings.resource.source).creates ? kind : undefined;
}

/** Resources whose policy asks for imports that their source does not take: told, since otherwise nothing would happen (style rule 17). */
export function importsInVain(world: World, ws: string, workspace: WorkspaceConfig): string[] {
  return Object.entries(workspace.resources)
    .filter(([, resource]) => importKindOf(workspace, resource) !== undefined)
    .filter(([, resource]) => !world.source(ws, resource.source).creates)
    .map(([id]) => id);
}

/** True of an event or day of a series that people made themselves, that takes the room, is still to come and begins within the window. */
export function isImportable(world: World, at: Pick<Place, "ws" | "resource">, event: CalendarEvent): boolean {
  const { workspace, resource } = settingsOf(world, at);
  const { span } = event.content;
  const now = world.clock.now();
  if (event.state !== "live" || event.meeting === undefined || span === undefined) return false;
  if (event.unreadable !== undefined || !isTheirs(workspace, event)) return false;
  // Only some days of a series would be told of otherwise: half a series is worse than none.
  const { listsDays } = world.calendar(at.ws, resource.calendar).capabilities;
  if (event.series === "master" || (event.series === "instance" && !listsDays)) return false;
  return isFuture(span, now) && span.start < windowOf(workspace, now).to;
}

/** What once was ours and lost its marker is theirs, too, but no meeting that they put there. */
function isTheirs(workspace: WorkspaceConfig, { id, properties }: CalendarEvent): boolean {
  return !isOwnId(id) && properties[EVENT_KEY] === undefined && markedBooking(workspace, properties) === undefined;
}

export function reviewOfImport(eventId: string): string {
  return `import-refused~${eventId}`;
}

/** Which of the listed events ask for a look because of imports. What they are about does not travel: the worker reads it. */
export async function newsOfMeetings(
  world: World,
  at: Pick<Place, "ws" | "resource">,
  events: readonly CalendarEvent[],
): Promise<EventItem[]> {
  if (importKind(world, at) === undefined) return [];
  const meetings = events.filter((event) => isImportable(world, at, event));
  const news = await withNews(world, at.ws, meetings);
  for (const event of events) {
    if (event.state === "deleted" && (await importAwaiting(world, at.ws, event.id)) !== undefined) news.push(event);
  }
  return news.map(asHint);
}

async function withNews(world: World, ws: string, meetings: readonly CalendarEvent[]): Promise<CalendarEvent[]> {
  const news: CalendarEvent[] = [];
  for (let from = 0; from < meetings.length; from += MAX_IMPORTS) {
    const some = meetings.slice(from, from + MAX_IMPORTS);
    const docs = await world.store(ws).getMany(some.map((event) => importRef(importIdOf(ws, event))));
    for (const [index, event] of some.entries()) {
      // Proof: only Lockstep writes imports, with this shape.
      if (await isNews(world, ws, event, docs[index]?.data as ImportDoc | undefined)) news.push(event);
    }
  }
  return news;
}

/** What is under way has its own time; what was refused is tried again once it changed, or a person closed its item. */
async function isNews(world: World, ws: string, event: CalendarEvent, known: ImportDoc | undefined): Promise<boolean> {
  switch (known?.status) {
    case "creating":
      return false;
    case "gone":
      return true;
    case "refused":
      return isChanged(event, known) || !(await isAsked(world, ws, event));
    case "done":
    case undefined:
      return !(await isMapped(world, ws, event.id)) && !(await isAsked(world, ws, event));
  }
}

/** Whether the event is another one by now than the order was made of. */
export function isChanged(event: CalendarEvent, { version }: ImportDoc): boolean {
  const compared = compareVersions(event, version);
  return compared === "newer" || compared === "reread";
}

function isAsked(world: World, ws: string, { id }: CalendarEvent): Promise<boolean> {
  return isReviewOpen(world.store(ws), reviewOfImport(id));
}

/** The import of an event that is gone, by its id, since a tombstone tells no more; undefined where nothing is left to do. */
export async function importAwaiting(
  world: World,
  ws: string,
  eventId: string,
): Promise<Stored<ImportDoc> | undefined> {
  const where = [{ field: "eventId", op: "==", value: eventId }] as const;
  const imports = await world.store(ws).query<ImportDoc>({ collection: "imports", where });
  return imports.find(({ data }) => data.status === "creating" || data.status === "refused");
}

/** Refused meetings that a full listing should have shown and did not: perhaps they went. */
export async function refusedAndGone(
  world: World,
  at: Pick<Place, "ws" | "resource">,
  listing: Walked,
): Promise<EventItem[]> {
  if (importKind(world, at) === undefined) return [];
  const { resource } = settingsOf(world, at);
  const refused = await world.store(at.ws).query<ImportDoc>({
    collection: "imports",
    where: [
      { field: "calendarId", op: "==", value: resource.calendar },
      { field: "status", op: "==", value: "refused" },
    ],
    limit: MAX_IMPORTS,
  });
  const listed = new Set(listing.events.filter(({ state }) => state === "live").map(({ id }) => id));
  return refused
    .map(({ data }) => data)
    .filter(({ eventId, shown }) => !listed.has(eventId) && isWithin(listing, shown.span?.end ?? ""))
    .map(({ eventId, calendarId }) => asHint({ id: eventId, calendarId }));
}

function isWithin({ until }: Walked, end: string): boolean {
  return until === undefined || end <= until;
}

/** Imports of which nobody knows what became, by the resource whose worker looks after them. */
export async function dueImports(world: World, ws: string, workspace: WorkspaceConfig) {
  const importing = Object.keys(workspace.resources).filter((resource) => importKind(world, { ws, resource }));
  if (importing.length === 0) return [];
  const due = await world.store(ws).query<ImportDoc>({
    collection: "imports",
    where: [
      { field: "dirty", op: "==", value: true },
      { field: "nextAttempt", op: "<=", value: world.clock.now() },
    ],
    orderBy: { field: "nextAttempt" },
    limit: MAX_IMPORTS,
  });
  return due.map(({ data }) => ({
    ...{ resource: data.resource, calendarId: data.calendarId },
    item: asHint({ id: data.eventId, calendarId: data.calendarId }),
  }));
}

function asHint({ id, calendarId }: Pick<CalendarEvent, "id" | "calendarId">): EventItem {
  return { eventId: id, calendarId, state: "live", content: {}, properties: {}, hint: true };
}
