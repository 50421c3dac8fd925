import type { BusyTime, FoundCalendar } from "../ports/calendar.ts";
import type { Span } from "../sync/time.ts";
import { settingsOf } from "./desk.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** A calendar that a workspace's account can see, and the resource that uses it already. */
export interface Discovered extends FoundCalendar {
  readonly account: string;
  readonly resource: string | null;
}

/** Every calendar that the workspace's accounts list. An account whose provider lists none is named in `without`. */
export async function discoverCalendars(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
): Promise<{ readonly items: readonly Discovered[]; readonly without: readonly string[] }> {
  const items: Discovered[] = [];
  const without: string[] = [];
  for (const account of Object.keys(workspace.calendars)) {
    const directory = world.calendarAccount(ws, account).directory;
    if (directory === undefined) without.push(account);
    else items.push(...(await directory.list()).map((found) => withResource(found, account, workspace)));
  }
  return { items, without };
}

function withResource(found: FoundCalendar, account: string, { resources }: WorkspaceConfig): Discovered {
  const isIt = (calendar: string) => calendar.toLowerCase() === found.id.toLowerCase();
  const owner = Object.entries(resources).find(([, { calendar }]) => isIt(calendar));
  return { ...found, account, resource: owner?.[0] ?? null };
}

/** When the calendar of a resource is taken; null where the provider cannot tell. Throws NOT_FOUND. */
export async function busyTimes(
  world: World,
  ws: string,
  resource: string,
  span: Extract<Span, { kind: "timed" }>,
): Promise<readonly BusyTime[] | null> {
  const { calendar } = settingsOf(world, { ws, resource }).resource;
  const busy = await world.calendar(ws, calendar).directory?.busy([calendar], span);
  return busy?.get(calendar) ?? null;
}
