import { z } from "zod";

/**
 * What `lockstep.config.yaml` says about one Google account. `service-account`: `credentials` names
 * the secret with the key file's JSON. `static-token`: a bearer token as it stands, `credentials`
 * names its secret; without one it is the word that the sandbox takes.
 */
export const Settings = z
  .strictObject({
    auth: z.enum(["service-account", "static-token"]).exactOptional(),
    /** Name of a secret, never the secret itself. */
    credentials: z.string().min(1).meta({ secret: true }).exactOptional(),
  })
  .refine(({ auth, credentials }) => auth !== "service-account" || credentials !== undefined, {
    path: ["credentials"],
    message: "name the secret that holds the service account's key",
  });
export type Settings = z.output<typeof Settings>;

/** The parts of a service account's key file that are used. */
export const ServiceAccountKey = z.object({
  client_email: z.string().min(1),
  private_key: z.string().includes("PRIVATE KEY"),
  private_key_id: z.string().exactOptional(),
});
export type ServiceAccountKey = z.infer<typeof ServiceAccountKey>;

const Moment = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});
export type Moment = z.infer<typeof Moment>;

/** `self`: the calendar that is read. */
const Person = z.object({
  email: z.string().nullish(),
  displayName: z.string().nullish(),
  self: z.boolean().nullish(),
});
const Attendee = Person.extend({ responseStatus: z.string().nullish() });

/** One event; only `id` is sure, on tombstones nothing else may be there (API_FACTS §1). */
export const GoogleEvent = z.object({
  id: z.string().min(1),
  status: z.string().nullish(),
  iCalUID: z.string().nullish(),
  etag: z.string().nullish(),
  updated: z.string().nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  visibility: z.string().nullish(),
  transparency: z.string().nullish(),
  eventType: z.string().nullish(),
  creator: Person.nullish(),
  organizer: Person.nullish(),
  attendees: z.array(Attendee).nullish(),
  start: Moment.nullish(),
  end: Moment.nullish(),
  recurrence: z.array(z.string()).nullish(),
  recurringEventId: z.string().nullish(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type GoogleEvent = z.infer<typeof GoogleEvent>;

/** The envelope of a listing; each item is read alone (law 10). */
export const GoogleList = z.object({
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().min(1).nullish(),
  nextSyncToken: z.string().min(1).nullish(),
  accessRole: z.string().nullish(),
});
export type GoogleList = z.infer<typeof GoogleList>;

/** An open channel; `expiration` is milliseconds since 1970, as text. */
export const GoogleChannel = z.object({
  resourceId: z.string().min(1),
  expiration: z.coerce.number().int().positive(),
});

const Reason = z.object({ reason: z.string().exactOptional(), location: z.string().exactOptional() });

/** Of a failure only the reason is read: messages may quote what we sent. */
export const GoogleFailure = z.object({
  error: z.object({ errors: z.array(Reason).optional() }),
});
