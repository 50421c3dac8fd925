import { z } from "zod";

/**
 * `lockstep.config.yaml`: what is kept in step with what, and by which policies. One file serves
 * the demo, a real studio and the cloud.
 */
const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "use 1 to 60 characters of a-z, 0-9 and -");

const TimeZone = z.string().refine(isTimeZone, "is no IANA time zone, e.g. Europe/London");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How differences, cancellations and absences are treated. Every value has a default. */
export const PolicySettings = z.strictObject({
  /** Same field changed on both sides. */
  merge: z.enum(["source-wins", "last-write-wins", "ask"]).default("source-wins"),
  /** A cancelled booking's event is deleted, or kept and marked. */
  cancellation: z.enum(["delete", "mark"]).default("delete"),
  /** A person deletes the event: cancel the booking, put the event back once, or ask. */
  calendarDeletion: z.enum(["cancel", "restore", "ask"]).default("cancel"),
  /** A move that overlaps its own old slot: cancel first and rebook, or put back and ask. */
  overlappingMove: z.enum(["rebook", "ask"]).default("rebook"),
  /** Absence counts after this many complete listings … */
  absentListings: z.number().int().min(2).max(20).default(3),
  /** … at least this many seconds apart. */
  absentSecondsApart: z.number().int().min(1).max(86_400).default(60),
  /** An unpaid checkout shows after this many minutes … */
  checkoutGraceMinutes: z.number().int().min(0).max(1440).default(15),
  /** … or at once when it starts within this many. */
  imminentMinutes: z.number().int().min(0).max(1440).default(60),
  /** The breaker holds what goes beyond the larger of the two, per calendar and per source, in an hour. */
  breakerCount: z.number().int().min(1).default(5),
  breakerPercent: z.number().min(1).max(100).default(20),
});
export type PolicySettings = z.infer<typeof PolicySettings>;

const Account = z.strictObject({
  /** Folder name under `shared/providers/`. */
  provider: z.string(),
  /** What the provider's own schema asks for. */
  settings: z.record(z.string(), z.unknown()).default({}),
});

const Resource = z.strictObject({
  source: Id,
  /** What the booking source calls it. */
  sourceName: z.string().min(1),
  /** Provider's id of its calendar; each calendar belongs to one resource. */
  calendar: z.string().min(1),
  timeZone: TimeZone,
  /** Templates over the booking's fields: `{customer}`, `{notes}`, `{id}`, `{resource}`. */
  title: z.string().default("{customer}"),
  description: z.string().default("{notes}"),
  /** Written as private properties beside the marker, e.g. `bay: "1"`. */
  properties: z.record(z.string(), z.string()).default({}),
  policy: PolicySettings.partial().default({}),
});

/** Names of the private properties that mark an event as ours. */
const Marker = z.strictObject({
  bookingId: z.string().max(44).default("uscheduleAppointmentId"),
  managed: z.string().max(44).default("loftSyncManaged"),
});

const Workspace = z.strictObject({
  sources: z.record(Id, Account),
  /** How calendars are reached: one account may serve many of them. */
  calendars: z.record(z.string(), Account),
  resources: z.record(Id, Resource),
  marker: Marker.prefault({}),
  policy: PolicySettings.partial().default({}),
  /** Bookings from this many days ago to this many ahead are looked at. */
  daysBack: z.number().int().min(0).max(30).default(1),
  daysAhead: z.number().int().min(1).max(730).default(90),
});

export const Config = z.strictObject({ workspaces: z.record(Id, Workspace) });
export type Config = z.infer<typeof Config>;
export type WorkspaceConfig = z.infer<typeof Workspace>;
export type ResourceConfig = z.infer<typeof Resource>;

/** The policy of one resource: its own words over the workspace's over the defaults. */
export function policyOf(workspace: WorkspaceConfig, resource: ResourceConfig): PolicySettings {
  return PolicySettings.parse({ ...workspace.policy, ...resource.policy });
}
