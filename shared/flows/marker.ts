import type { ResourceConfig, WorkspaceConfig } from "../config.ts";
import type { Content } from "../sync/content.ts";
import { EVENT_KEY } from "./event-key.ts";
import { digest, renderProperties, type Shown } from "./render.ts";

/** Private property that says which agreement an event shows: `{number}.{digest of the booking's content}` (R3). */
export const AGREEMENT = "lockstepAgreement";

/** The private properties of an event of ours, by the names the workspace uses. They go along with each write of it. */
export function markerFor(
  workspace: WorkspaceConfig,
  resource: ResourceConfig,
  booking: Shown,
  agreement: number,
  content: Content,
): Record<string, string> {
  return {
    ...renderProperties(resource, booking),
    [workspace.marker.managed]: "true",
    [workspace.marker.bookingId]: booking.id,
    [AGREEMENT]: `${agreement}.${digest(content)}`,
  };
}

/** The same marker for an event that is not written with all that it was agreed on. */
export function withoutAgreement(properties: Readonly<Record<string, string>>): Record<string, string> {
  const number = agreementOf(properties)?.number ?? 0;
  return { ...properties, [AGREEMENT]: `${number}.${digest({})}` };
}

/** An event carries what was to be written on it, whatever was added since. */
export function saysTheSame(
  found: Readonly<Record<string, string>>,
  written: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(written).every(([name, value]) => found[name] === value);
}

/** Names of all private properties that are read on this workspace's events. */
export function propertyNames(workspace: WorkspaceConfig): string[] {
  const beside = Object.values(workspace.resources).flatMap(({ properties }) => Object.keys(properties));
  const { managed, bookingId } = workspace.marker;
  return [...new Set([managed, bookingId, AGREEMENT, EVENT_KEY, ...beside])];
}

/** The booking id an event says it shows, or undefined where it carries no marker of ours. */
export function markedBooking(
  workspace: WorkspaceConfig,
  properties: Readonly<Record<string, string>>,
): string | undefined {
  const bookingId = properties[workspace.marker.bookingId];
  return properties[workspace.marker.managed] === "true" && bookingId !== "" ? bookingId : undefined;
}

/** The agreement an event was written for; undefined where it carries none. */
export function agreementOf(
  properties: Readonly<Record<string, string>>,
): { readonly number: number; readonly digest: string } | undefined {
  const match = /^(\d+)\.([0-9a-f]+)$/.exec(properties[AGREEMENT] ?? "");
  return match === null ? undefined : { number: Number(match[1]), digest: match[2] ?? "" };
}
