import { z } from "zod";

const SecretName = z.string().min(1).meta({ secret: true });
const Statuses = z.array(z.number().int());

/**
 * What `lockstep.config.yaml` says about one USchedule account. USchedule has no public documentation:
 * whatever was only observed by others (API_FACTS §7) is a setting with what was observed as default.
 */
export const Settings = z.strictObject({
  /** The account's name in every address: `/api/{alias}/…`. */
  alias: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "use letters, digits, - and _")
    .default("loft"),
  userName: z.string().min(1).exactOptional(),
  /** Names of secrets, never the secrets themselves. */
  password: SecretName.exactOptional(),
  applicationKey: SecretName.exactOptional(),
  /** Where and what is booked when a moved booking does not tell; default: the first active one. */
  locationId: z.number().int().exactOptional(),
  serviceId: z.number().int().exactOptional(),
  /** Sent with a booking; 1: pays at the location. */
  paymentType: z.number().int().default(1),
  /** What the numbers in `StatusID` mean; a number not listed tells nothing (S11). */
  statuses: z
    .strictObject({
      live: Statuses.default([1]),
      pending: Statuses.default([11]),
      cancelled: Statuses.default([9]),
      rescheduled: Statuses.default([10]),
    })
    .prefault({}),
  /** One listing call asks for at most this many days. */
  daysPerCall: z.number().int().min(1).max(366).default(31),
  /** Slots that start sooner than this are never offered, so that their absence tells nothing. */
  leadMinutes: z.number().int().min(0).max(1440).default(0),
  /** At most so many availability calls for one listing; what starts soonest is looked at first. */
  availabilityCalls: z.number().int().min(0).max(500).default(40),
});
export type Settings = z.output<typeof Settings>;

/** An id, as USchedule writes it: a number, or digits. */
export const Id = z.union([z.number().int(), z.string().trim().min(1).max(100)]).transform(String);

const Text = z.string().nullish();
const AnyId = Id.nullish().catch(undefined);

/** One appointment, of a listing or by id. Which of the names is used differs between the methods. */
export const Appointment = z.object({
  Id: AnyId,
  AppointmentID: AnyId,
  ResourceName: Text,
  ResourceUnitID: AnyId,
  StartTime: Text,
  EndTime: Text,
  StatusID: z.coerce.number().int().nullish(),
  CustomerName: Text,
  CustomerID: AnyId,
  ServiceID: AnyId,
  LocationID: AnyId,
  ServiceLength: z.coerce.number().positive().nullish().catch(undefined),
  Notes: Text,
  Note: Text,
  Description: Text,
});
export type Appointment = z.infer<typeof Appointment>;

export const Login = z.object({ AuthKey: z.string().min(1) });

/** The answer to `bookit`. */
export const Booked = z
  .object({ Id: AnyId, AppointmentID: AnyId })
  .transform(({ Id: id, AppointmentID: appointmentId }) => ({ id: id ?? appointmentId ?? undefined }));

/** One row of `locations`, `services`, `resources` or `resourceunits`. */
export const CatalogueRow = z.object({
  Id,
  ResourceID: AnyId,
  Description: Text,
  Name: Text,
  NickName: Text,
  StatusID: z.coerce.number().int().nullish().catch(undefined),
});
export type CatalogueRow = z.infer<typeof CatalogueRow>;

/** One free slot of `getavailability`; `EndTime` was not seen in every answer. */
export const Slot = z.object({
  StartTime: z.string(),
  EndTime: Text,
  ResourceUnitID: AnyId,
});
