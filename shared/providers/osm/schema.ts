import { z } from "zod";

const Words = z.array(z.string().toLowerCase());

/**
 * What `lockstep.config.yaml` says about one campsite. OSM's API is neither documented nor supported: what was only
 * observed by others (API_FACTS §7) is a setting with what was observed as default.
 */
export const Settings = z.strictObject({
  campsiteId: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  /** The section whose comments are read; without it none are. */
  sectionId: z
    .union([z.number().int().positive(), z.string().regex(/^\d+$/)])
    .transform(String)
    .exactOptional(),
  clientId: z.string().min(1).exactOptional(),
  /** Names of secrets, never the secrets themselves. */
  clientSecret: z.string().min(1).exactOptional(),
  /** With it we act as the person who authorised us; without it as the app's creator. */
  refreshToken: z.string().min(1).exactOptional(),
  /** A section shows only where the user holds all of them. */
  scopes: z.array(z.string().min(1)).min(1).default(["section:campsite_bookings:read"]),
  /** What `status` means, in any case of letters; another word tells nothing. */
  statuses: z
    .strictObject({
      live: Words.default(["confirmed", "current", "future", "past"]),
      provisional: Words.default(["provisional"]),
      cancelled: Words.default(["cancelled", "canceled"]),
    })
    .prefault({}),
  /** What a booking has booked is read again after so many minutes, as its row need not tell that it changed. */
  itemsMinutes: z.number().int().min(0).max(10_080).default(360),
  /** At most so many bookings' items are read with one listing. */
  itemsPerListing: z.number().int().min(0).max(200).default(20),
  /** Items that are no pitch and no building, e.g. firewood: they take no calendar. */
  ignoredItems: z.array(z.union([z.number().int(), z.string()]).transform(String)).default([]),
});
export type Settings = z.output<typeof Settings>;

const Id = z
  .union([
    z.number().int(),
    z
      .string()
      .trim()
      .regex(/^\d{1,20}$/),
  ])
  .transform(String);
const Count = z.coerce.number().int().min(0).nullish().catch(undefined);
const Text = z.string().nullish().catch(undefined);
const Day = z
  .string()
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());

/** One booking in a list, or the same inside a detail. */
export const Row = z.object({
  id: Id,
  campsite_site_id: Id.nullish().catch(undefined),
  group_name: Text,
  start_date: Day,
  end_date: Day,
  status: z.string().min(1),
  number_leaders: Count,
  number_participants: Count,
  /** Nothing else in a row changes with what is booked. */
  total_price: z.union([z.string(), z.number()]).nullish().catch(undefined),
});
export type Row = z.infer<typeof Row>;

/** What is booked; local wall times `YYYY-MM-DD HH:MM:SS`. */
export const Item = z.object({
  campsite_item_id: Id,
  start_timestamp: z.string().min(10),
  end_timestamp: z.string().min(10),
  number_people: Count,
});
export type Item = z.infer<typeof Item>;

/** PHP writes an empty list as `{}`, and one with gaps as an object of its members. */
export const List = z.union([
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()).transform((members): unknown[] => Object.values(members)),
]);

/** Around every answer; `status` false inside a 200 is an error. */
export const Envelope = z.object({
  status: z.boolean(),
  data: z.unknown().optional(),
  meta: z.unknown().optional(),
});

/** Told only where a list is more than its first page; nobody has seen it so far. */
export const Meta = z.object({ total: z.number().int() });

export const Detail = z.object({ items: List });

/** Who booked, where the scopes let us read it; under which name is not known for sure. */
export const Contact = z.object({
  email: z.email().nullish().catch(undefined),
  contact: z
    .object({ email: z.email().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

export const Comment = z.object({
  comment: Text,
  text: Text,
  author: Text,
  created_at: Text,
});

export const Token = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().max(10_000_000).catch(3600),
});

/** The body of a webhook that a relay or the mail extension sends. */
export const Touch = z.object({ bookingId: Id });
