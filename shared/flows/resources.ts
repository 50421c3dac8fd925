import type { ResourceConfig, WorkspaceConfig } from "./world.ts";

/** Ids of the resources that a source calls by these names; unknown names are left out. */
export function resourcesNamed(workspace: WorkspaceConfig, source: string, names: readonly string[]): string[] {
  return resourcesOf(workspace, source)
    .filter(([, resource]) => names.includes(resource.sourceName))
    .map(([id]) => id);
}

/** The resources whose bookings live in one source. */
export function resourcesOf(workspace: WorkspaceConfig, source: string): [string, ResourceConfig][] {
  return Object.entries(workspace.resources).filter(([, resource]) => resource.source === source);
}

/** The resource a calendar belongs to. */
export function resourceOfCalendar(
  workspace: WorkspaceConfig,
  calendarId: string,
): { readonly id: string; readonly resource: ResourceConfig } | undefined {
  const entry = Object.entries(workspace.resources).find(([, resource]) => resource.calendar === calendarId);
  return entry === undefined ? undefined : { id: entry[0], resource: entry[1] };
}
