import { z } from "zod";
import { Scope } from "./edge/scope.ts";
import { LockstepError } from "./errors.ts";
import type { CreatedKind } from "./ports/booking-source.ts";
import type { Policy } from "./sync/policy.ts";

/**
 * `lockstep.config.yaml`: what is kept in step with what, and by which policies. One file serves
 * the demo, a real studio and the cloud.
 */
const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "use 1 to 60 characters of a-z, 0-9 and -");

const TimeZone = z.string().refine(isTimeZone, "is no IANA time zone, e.g. Europe/London");

const zones = new Map<string, boolean>();

/**
 * Each name is asked about once, and a formatter is opened only for what the list lacks, such as older names: a process's first
 * lists all of ICU's locales, a tenth of an edge's start.
 */
function isTimeZone(name: string): boolean {
  const known = zones.get(name) ?? (Intl.supportedValuesOf("timeZone").includes(name) || opensFormatter(name));
  zones.set(name, known);
  return known;
}

function opensFormatter(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * How differences, cancellations and absences are treated, as far as this level says so. No defaults stand
 * here: a resource's words go over its workspace's, and those over `POLICY_DEFAULTS`.
 */
const PolicyWords = z.strictObject({
  /** Same field changed on both sides. */
  merge: z.enum(["source-wins", "last-write-wins", "ask"]).exactOptional(),
  /** A cancelled booking's event is deleted, or kept and marked. */
  cancellation: z.enum(["delete", "mark"]).exactOptional(),
  /** A person deletes the event: cancel the booking, put the event back once, or ask. */
  calendarDeletion: z.enum(["cancel", "restore", "ask"]).exactOptional(),
  /** A move that overlaps its own old slot: cancel first and rebook, or put back and ask. */
  overlappingMove: z.enum(["rebook", "ask"]).exactOptional(),
  /** Absence counts after this many complete listings … */
  absentListings: z.number().int().min(2).max(20).exactOptional(),
  /** … at least this many seconds apart. */
  absentSecondsApart: z.number().int().min(1).max(86_400).exactOptional(),
  /** An unpaid checkout shows after this many minutes … */
  checkoutGraceMinutes: z.number().int().min(0).max(1440).exactOptional(),
  /** … or at once when it starts within this many. */
  imminentMinutes: z.number().int().min(0).max(1440).exactOptional(),
  /** The breaker holds what goes beyond the larger of the two, per calendar and per source, in an hour. */
  breakerCount: z.number().int().min(1).exactOptional(),
  breakerPercent: z.number().min(1).max(100).exactOptional(),
  /** A calendar that is connected first: what it means is shown, then applied; or a person says so in between. Default: apply. */
  firstConnection: z.enum(["apply", "ask"]).exactOptional(),
  /** What people put on the calendar themselves becomes a booking, where the source takes some from outside. Default: never (law 1). */
  imports: z.enum(["never", "always"]).exactOptional(),
  /** What such a booking is, unless a category of the meeting names another kind. Default: event. */
  importKind: z.enum(["event", "booking", "allocation"]).exactOptional(),
});
type PolicyWords = z.infer<typeof PolicyWords>;

/** What holds where neither resource nor workspace says anything. */
export const POLICY_DEFAULTS: Policy = {
  merge: "source-wins",
  cancellation: "delete",
  calendarDeletion: "cancel",
  overlappingMove: "rebook",
  absentListings: 3,
  absentSecondsApart: 60,
  checkoutGraceMinutes: 15,
  imminentMinutes: 60,
  breakerCount: 5,
  breakerPercent: 20,
};

const Account = z.strictObject({
  /** Folder name under `shared/providers/`. */
  provider: z.string(),
  /** What the provider's own schema asks for. */
  settings: z.record(z.string(), z.unknown()).default({}),
});

/** A template, or one for each kind of reservation where the source tells kinds apart. */
const Template = z.union(
  [
    z.string(),
    z.strictObject({
      event: z.string(),
      booking: z.string(),
      allocation: z.string(),
      /** Left out: what its source calls it. */
      closure: z.string().exactOptional(),
    }),
  ],
  "must be a template, or one for each of event, booking and allocation",
);
export type Template = z.infer<typeof Template>;

const Resource = z.strictObject({
  source: Id,
  /** What the booking source calls it. */
  sourceName: z.string().min(1),
  /** Provider's id of its calendar; each calendar belongs to one resource. */
  calendar: z.string().min(1),
  /** Which of the workspace's `calendars` reaches it; may be left out where there is one. */
  calendarAccount: Id.exactOptional(),
  timeZone: TimeZone,
  /** Templates over the booking's fields: `{customer}`, `{notes}`, `{id}`, `{resource}`, and what else its source tells; `{customer|title}`: the first that is known. */
  title: Template.default("{customer}"),
  description: Template.default("{notes}"),
  /** Templates of private properties beside the marker, e.g. `bay: "1"` or `BookingSystemType: "{kind}"`. */
  properties: z.record(z.string(), z.string()).default({}),
  policy: PolicyWords.default({}),
});

/** Names of the private properties that mark an event as ours. */
const Marker = z.strictObject({
  bookingId: z.string().max(44).default("uscheduleAppointmentId"),
  managed: z.string().max(44).default("loftSyncManaged"),
});

/** Who is told of alerts: POST of a signed JSON body, with the text of a mail in it. */
const Alerts = z.strictObject({
  webhook: z.url({ protocol: /^https?$/, message: "must be an http(s) address" }),
  /** Name of the secret that signs (`whsec_…`). */
  secret: z.string().min(1),
  /** What closes by itself within so many minutes is not told. */
  afterMinutes: z.number().int().min(0).max(1440).default(0),
});

/** From where on something is called wrong: an alert. */
const Thresholds = z.strictObject({
  /** So many of a hundred changes of the last hour failed, of at least ten in one direction. */
  errorRatePercent: z.number().min(1).max(100).default(20),
  /** Something has been due to be tried again for so long, and nobody took it up. */
  stalledMinutes: z.number().int().min(10).max(1440).default(30),
  /** So many runs of a scheduled job in a row did not come to their end. */
  missedRuns: z.number().int().min(1).max(100).default(3),
  /** A room is booked twice for so long, and nobody decided. */
  doubleBookingMinutes: z.number().int().min(0).max(10_080).default(0),
});

const Workspace = z.strictObject({
  sources: z.record(Id, Account),
  /** How calendars are reached: one account may serve many of them. */
  calendars: z.record(Id, Account),
  /** How the mailboxes of its connections are reached. */
  mailbox: Account.exactOptional(),
  resources: z.record(Id, Resource),
  /** Origins of further mail extensions that may call the API, `chrome-extension://…`; our own may anyway. */
  extensions: z.array(z.string().regex(/^[a-z-]+:\/\/[\w.:-]+$/, "write an origin, without a path")).default([]),
  marker: Marker.prefault({}),
  policy: PolicyWords.default({}),
  alerts: Alerts.exactOptional(),
  thresholds: Thresholds.prefault({}),
  /** Who may what, by the e-mail address of their Google account; see `signIn`. */
  people: z.record(z.email().regex(/^[^A-Z]*$/, "write it in small letters"), z.array(Scope).min(1)).default({}),
  /** So long after a mass deletion was approved its bookings are cancelled; until then undoing costs nothing. */
  undoSeconds: z.number().int().min(0).max(3600).default(300),
  /** Bookings from this many days ago to this many ahead are looked at. */
  daysBack: z.number().int().min(0).max(30).default(1),
  daysAhead: z.number().int().min(1).max(730).default(90),
});

/** How people sign in with their Google accounts: one OAuth client (type: web application) for all workspaces. */
const SignIn = z.strictObject({
  clientId: z.string().min(1),
  /** Name of the secret with the client's secret. */
  clientSecret: z.string().min(1),
  /** What else ID tokens may be made for that the API takes, e.g. another client. */
  audiences: z.array(z.string().min(1)).default([]),
});

export const Config = z.strictObject({ workspaces: z.record(Id, Workspace), signIn: SignIn.exactOptional() });
export type Config = z.infer<typeof Config>;
export type WorkspaceConfig = z.infer<typeof Workspace>;
export type ResourceConfig = z.infer<typeof Resource>;

export type AccountConfig = z.infer<typeof Account>;

/** The policy of one resource: its own words over the workspace's over the defaults. */
export function policyOf(workspace: WorkspaceConfig, resource: ResourceConfig): Policy {
  return { ...POLICY_DEFAULTS, ...wordsOf(workspace, resource) };
}

function wordsOf(workspace: WorkspaceConfig, resource: ResourceConfig): PolicyWords {
  return { ...workspace.policy, ...resource.policy };
}

/** What a meeting of people's own becomes at the resource's source, by the same precedence; undefined: it is left alone. */
export function importKindOf(workspace: WorkspaceConfig, resource: ResourceConfig): CreatedKind | undefined {
  const { imports, importKind = "event" } = wordsOf(workspace, resource);
  return imports === "always" ? importKind : undefined;
}

/** Whether a person is asked before anything is written to the resource's calendar for the first time. */
export function asksFirst(workspace: WorkspaceConfig, resource: ResourceConfig): boolean {
  return wordsOf(workspace, resource).firstConnection === "ask";
}

/** One workspace. Throws NOT_FOUND. */
export function workspaceOf(config: Config, ws: string): WorkspaceConfig {
  return found(config.workspaces, ws, "workspace");
}

/** The same for a name out of a message, which may be any word: undefined where there is none. */
export function findWorkspace(config: Config, ws: string): WorkspaceConfig | undefined {
  return Object.hasOwn(config.workspaces, ws) ? config.workspaces[ws] : undefined;
}

/** One source's account. Throws NOT_FOUND. */
export function sourceAccountOf(workspace: WorkspaceConfig, source: string): AccountConfig {
  return found(workspace.sources, source, "source");
}

/** What reaches a calendar: the account with its name, and the zone of its resource. Throws NOT_FOUND. */
export function calendarAccountOf(
  workspace: WorkspaceConfig,
  calendarId: string,
): { readonly name: string; readonly account: AccountConfig; readonly timeZone: string } {
  const resource = Object.values(workspace.resources).find((each) => each.calendar === calendarId);
  if (resource === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `No resource has the calendar ${calendarId}.` });
  }
  const name = resource.calendarAccount ?? Object.keys(workspace.calendars)[0] ?? "";
  return { name, account: found(workspace.calendars, name, "calendar account"), timeZone: resource.timeZone };
}

/** One account of a workspace. Throws NOT_FOUND. */
export function calendarAccountNamed(workspace: WorkspaceConfig, name: string): AccountConfig {
  return found(workspace.calendars, name, "calendar account");
}

/** The zone of an account's first resource; UTC without one. */
export function zoneOfAccount(workspace: WorkspaceConfig, name: string): string {
  const { calendars, resources } = workspace;
  const [only] = Object.keys(calendars);
  const resource = Object.values(resources).find(({ calendarAccount = only }) => calendarAccount === name);
  return resource?.timeZone ?? "UTC";
}

/** The zone of a source's local times: its resources share one (checked with the file). UTC without resources. */
export function timeZoneOfSource(workspace: WorkspaceConfig, source: string): string {
  const resource = Object.values(workspace.resources).find((each) => each.source === source);
  return resource?.timeZone ?? "UTC";
}

function found<T>(record: Readonly<Record<string, T>>, name: string, what: string): T {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `There is no ${what} ${name} in the configuration.` });
  }
  return value;
}
