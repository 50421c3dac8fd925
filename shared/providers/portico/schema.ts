import { z } from "zod";

const Id = z.number().int().min(1).max(2_147_483_647);

/** What `lockstep.config.yaml` says about one PorticoEstate database. */
export const Settings = z.strictObject({
  /** Name of the secret with the database's URL, never the URL itself. Goes unused where PORTICO_DATABASE_URL is set. */
  url: z.string().min(1).meta({ secret: true }).exactOptional(),
  /** `verify`: encrypted, the server's certificate checked. `off`: in the clear, for a database on this machine. */
  tls: z.enum(["verify", "off"]).default("verify"),
  /** Longest wait for one statement, in seconds. */
  timeoutSeconds: z.number().min(0.1).max(60).default(10),
  /** Only what takes place in these buildings (`bb_building.id`) is listed; all where left out. */
  buildings: z.array(Id).min(1).exactOptional(),
  /** What Portico wants to know of an event and no calendar says. Left out, nothing is created. */
  create: z
    .strictObject({
      /** `bb_agegroup.id`, counted with nobody in it. */
      ageGroup: Id,
      /** `bb_targetaudience.id`. */
      audience: Id,
      /** Whether Portico shows the event's words to everybody. */
      public: z.boolean().default(false),
    })
    .exactOptional(),
});
export type Settings = z.output<typeof Settings>;

/** One row of the unified view (`rows.ts`). Null is what the table does not say, or what is not public. */
export const Row = z.object({
  kind: z.enum(["event", "booking", "allocation"]),
  id: z.number().int(),
  active: z.union([z.literal(0), z.literal(1)]),
  /** Local, without a zone: `2027-01-10T09:00:00`. */
  start: z.string().nullable(),
  end: z.string().nullable(),
  resources: z.array(z.number().int()),
  /** Number of the allocation a booking takes place in. */
  within: z.number().int().nullable(),
  title: z.string().nullable(),
  notes: z.string().nullable(),
  customer: z.string().nullable(),
  email: z.string().nullable(),
  made_with: z.string().nullable(),
});
export type Row = z.infer<typeof Row>;

/** What an event needs to know of its room. */
export const Room = z.object({
  id: z.number().int(),
  activity_id: z.number().int(),
  building_id: z.number().int().nullable(),
  building_name: z.string().nullable(),
});
export type Room = z.infer<typeof Room>;

/** A room whose lock is ours. */
export const Locked = z.object({ room: z.number().int() });

export const EventId = z.object({ event_id: z.number().int() });
