import { z } from "zod";
import { FIELDS } from "../../sync/content.ts";

const Root = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

/**
 * What `lockstep.config.yaml` says about one app registration in one tenant. At the real Graph `tenant`,
 * `clientId` and `clientSecret` are needed; a stand-in takes a word instead.
 */
export const Settings = z
  .strictObject({
    /** Directory id, or one of the tenant's domains. */
    tenant: z
      .string()
      .regex(/^[\w.-]{1,255}$/)
      .exactOptional(),
    clientId: z.string().min(1).exactOptional(),
    /** Name of a secret, never the secret itself. */
    clientSecret: z.string().min(1).meta({ secret: true }).exactOptional(),
    /** Graph of a sovereign cloud, e.g. `https://graph.microsoft.us`. */
    graph: Root.exactOptional(),
    /** Where tokens are asked for, e.g. `https://login.microsoftonline.us`. */
    login: Root.exactOptional(),
    /** How far ahead changes are followed, in days; must exceed the workspace's `daysAhead` by eight. */
    horizonDays: z.number().int().min(8).max(1800).default(120),
    /** Fields that keep what is written. A room that replaces subjects by the organiser's name: `[span]` (S48). */
    authored: z
      .array(z.enum(FIELDS))
      .refine((fields) => fields.includes("span"), "a time is always authored: add span")
      .default([...FIELDS]),
    /** `verified`: the version is read before each conditional write, for where Graph does not look at If-Match. */
    ifMatch: z.enum(["trusted", "verified"]).default("trusted"),
    /** Longest life asked for a subscription. */
    subscriptionMinutes: z.number().int().min(45).max(10_080).default(10_070),
  })
  .refine(({ tenant, clientId, clientSecret }) => new Set([tenant, clientId, clientSecret].map(isGiven)).size === 1, {
    path: ["clientSecret"],
    message: "tenant, clientId and clientSecret (the name of a secret) belong together: give all three",
  });
export type Settings = z.output<typeof Settings>;

function isGiven(value: string | undefined): boolean {
  return value !== undefined;
}

export const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

const Moment = z.object({ dateTime: z.string().nullish(), timeZone: z.string().nullish() });
export type Moment = z.infer<typeof Moment>;

const Person = z.object({ name: z.string().nullish(), address: z.string().nullish() });

/** One named property; `id` says type, GUID and name. */
const NamedProperty = z.object({ id: z.string(), value: z.string().nullish() });

/** One event. Delta shows of a deleted one `id` and `@removed`, of an occurrence little more than its times. */
export const GraphEvent = z.object({
  id: z.string().min(1),
  "@removed": z.unknown().optional(),
  "@odata.etag": z.string().nullish(),
  iCalUId: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  subject: z.string().nullish(),
  body: z.object({ contentType: z.string().nullish(), content: z.string().nullish() }).nullish(),
  start: Moment.nullish(),
  end: Moment.nullish(),
  isAllDay: z.boolean().nullish(),
  originalStartTimeZone: z.string().nullish(),
  isCancelled: z.boolean().nullish(),
  sensitivity: z.string().nullish(),
  showAs: z.string().nullish(),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  organizer: z.object({ emailAddress: Person.nullish() }).nullish(),
  categories: z.array(z.string()).nullish(),
  type: z.string().nullish(),
  seriesMasterId: z.string().nullish(),
  singleValueExtendedProperties: z.array(NamedProperty).nullish(),
});
export type GraphEvent = z.infer<typeof GraphEvent>;

/** The envelope of a listing; each item is read alone (law 10). */
export const GraphList = z.object({
  value: z.array(z.unknown()),
  "@odata.nextLink": z.string().min(1).nullish(),
  "@odata.deltaLink": z.string().min(1).nullish(),
});
export type GraphList = z.infer<typeof GraphList>;

/** What a listing's item is before anything else is known of it. */
export const GraphItem = z.object({
  id: z.string().min(1),
  "@removed": z.unknown().optional(),
  type: z.string().nullish(),
});

/** Part of an answer to `$batch`; parts come in any order. */
const BatchPart = z.object({
  id: z.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown().optional(),
});
export type BatchPart = z.infer<typeof BatchPart>;
export const BatchAnswer = z.object({ responses: z.array(BatchPart) });

export const Subscription = z.object({
  id: z.string().min(1),
  expirationDateTime: z.string().min(1),
});

/** Those of our app, to find the one that stands in the way of a new one. */
export const OpenSubscription = z.object({
  id: z.string().min(1),
  resource: z.string(),
  notificationUrl: z.string().nullish(),
});

/** A room as `/places` tells it. */
export const Room = z.object({
  displayName: z.string(),
  emailAddress: z.string().min(1),
  capacity: z.number().int().nullish(),
});
export type Room = z.infer<typeof Room>;

export const RoomList = z.object({ displayName: z.string(), emailAddress: z.string().min(1) });
export type RoomList = z.infer<typeof RoomList>;

/** Groups without a mailbox have no `mail`. */
export const Group = z.object({ displayName: z.string(), mail: z.string().nullish() });

const ScheduleTime = z.object({ dateTime: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/) });

/** Of each calendar what takes it, or why that cannot be told. */
export const Schedules = z.object({
  value: z.array(
    z.object({
      scheduleId: z.string(),
      error: z.unknown().optional(),
      scheduleItems: z.array(z.object({ status: z.string(), start: ScheduleTime, end: ScheduleTime })).nullish(),
    }),
  ),
});

/** Of a failure only the code is read: messages may quote what we sent. */
export const GraphFailure = z.object({ error: z.union([z.object({ code: z.string() }), z.string()]) });
