import { z } from "zod";

/** What `lockstep.config.yaml` says about one booking system that implements `openapi.yaml`. */
export const Settings = z.strictObject({
  /** The system's own address. Goes unused where BOOKING_API_ROOT puts something else there. */
  address: z.url({ protocol: /^https?$/ }).exactOptional(),
  /** What stands between the address and `/reservations`. */
  basePath: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)*$/, "begin each part with /, e.g. /v1")
    .default("/v1"),
  /** Name of the secret with the bearer token, never the token itself. */
  token: z.string().min(1).meta({ secret: true }).exactOptional(),
  /** Reservations asked for at once. */
  pageSize: z.number().int().min(1).max(500).default(200),
});
export type Settings = z.output<typeof Settings>;

/** One end of a reservation: a time with its offset, or a whole day. */
const Time = z.union([
  z
    .object({ dateTime: z.iso.datetime({ offset: true }), timeZone: z.string() })
    .transform((time) => ({ kind: "timed" as const, ...time })),
  z.object({ date: z.iso.date() }).transform((day) => ({ kind: "all-day" as const, ...day })),
]);
export type Time = z.output<typeof Time>;

/** A reservation. What is left out is withheld from us, and stays unknown (law 11). */
export const Reservation = z.object({
  id: z.string().min(1).max(64),
  version: z.number().int().min(1),
  kind: z.enum(["event", "booking", "allocation"]),
  active: z.boolean(),
  resources: z.array(z.string().min(1)).min(1),
  start: Time,
  end: Time,
  title: z.string().exactOptional(),
  organiser: z.object({ name: z.string(), email: z.string().exactOptional() }).exactOptional(),
  description: z.string().exactOptional(),
  allocationId: z.string().min(1).exactOptional(),
  updatedAt: z.iso.datetime({ offset: true }).exactOptional(),
  recurrence: z.string().exactOptional(),
  madeWith: z.string().exactOptional(),
});
export type Reservation = z.infer<typeof Reservation>;

/** When a room is closed. */
export const Closure = z.object({
  id: z.string().min(1).max(64),
  resource: z.string().min(1),
  start: Time,
  end: Time,
  reason: z.string(),
});

/** A page of a list; each row is read alone. */
export const Page = z.object({
  items: z.array(z.unknown()),
  complete: z.boolean(),
  total: z.number().int().min(0),
  next: z.string().min(1).exactOptional(),
});
export type Page = z.infer<typeof Page>;

export const Cancelled = z.object({ outcome: z.enum(["cancelled", "already-cancelled"]) });

export const Enabled = z.object({ reservation: z.unknown() });

/** An error's body; only its code is looked at. */
export const Problem = z.object({ code: z.string().max(60) });

/** A webhook's body: which reservation to read, and the version it has at least. */
export const Notice = z.object({
  data: z.object({ id: z.string().min(1).max(64), version: z.number().int().min(1) }),
});
