import { z } from "zod";
import { parseJson } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest } from "./problems.ts";
import { KINDS } from "./rows.ts";

/** Bodies as the contract has them. Whatever else is sent is refused: it would be taken for done. */
const Id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
const Time = z.union([
  z.strictObject({ dateTime: z.iso.datetime({ offset: true }), timeZone: z.string().min(1) }),
  z.strictObject({ date: z.iso.date() }),
]);
const Organiser = z.object({ name: z.string().max(200), email: z.email().exactOptional() });
const Resources = z
  .array(Id)
  .min(1)
  .refine((ids) => new Set(ids).size === ids.length, "names a room twice");

export const NewReservation = z.strictObject({
  kind: z.enum(KINDS),
  resources: Resources,
  start: Time,
  end: Time,
  title: z.string().max(500),
  organiser: Organiser.exactOptional(),
  description: z.string().max(20_000).default(""),
  allocationId: Id.exactOptional(),
  recurrence: z.string().exactOptional(),
});
export type NewReservation = z.infer<typeof NewReservation>;

export const ReservationChange = z
  .strictObject({
    resources: Resources.exactOptional(),
    start: Time.exactOptional(),
    end: Time.exactOptional(),
    title: z.string().max(500).exactOptional(),
    organiser: Organiser.exactOptional(),
    description: z.string().max(20_000).exactOptional(),
  })
  .refine((change) => (change.start === undefined) === (change.end === undefined), "start and end come together")
  .refine((change) => Object.keys(change).length > 0, "says nothing");
export type ReservationChange = z.infer<typeof ReservationChange>;

/** The body of a call. Refuses with 400 and what is wrong with it. */
export function readBody<Schema extends z.ZodType>({ request }: Call, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(parseJson(request.body));
  return read.success ? read.data : badRequest(z.prettifyError(read.error));
}
