import { LockstepError } from "../errors.ts";
import type { BusyTime, FoundCalendar } from "../ports/calendar.ts";
import type { Span } from "../sync/time.ts";
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

/** When the calendars of these resources are taken; null where the provider cannot tell. Throws NOT_FOUND. */
export async function busyTimes(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  resource: string,
  span: Extract<Span, { kind: "timed" }>,
): Promise<readonly BusyTime[] | null> {
  const calendarId = Object.hasOwn(workspace.resources, resource) ? workspace.resources[resource]?.calendar : undefined;
  if (calendarId === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `There is no resource ${resource} there.` });
  }
  const busy = await world.calendar(ws, calendarId).directory?.busy([calendarId], span);
  return busy?.get(calendarId) ?? null;
}
