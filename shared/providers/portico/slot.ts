import { LockstepError } from "../../errors.ts";
import type { CreatedKind } from "../../ports/booking-source.ts";
import type { Span } from "../../sync/time.ts";
import type { Session } from "./client.ts";
import { refused } from "./failures.ts";
import { writeLocals } from "./times.ts";

/** What is to take place, new or changed. */
export interface Plan {
  readonly kind: CreatedKind;
  /** 0 while it is new. */
  readonly id: number;
  readonly rooms: readonly number[];
  readonly times: Locals;
  /** Number of the allocation a booking takes place in. */
  readonly within?: number;
}

export type Locals = NonNullable<ReturnType<typeof writeLocals>>;

/** A span as the tables have it. Throws PROVIDER_REFUSED for one they cannot say. */
export function localsOf(span: Span, zone: string): Locals {
  const locals = writeLocals(span, zone);
  if (locals !== undefined) return locals;
  throw refused(
    "its time cannot be told there: it ends before it starts, has parts of a second, or lies in the hour that comes twice",
  );
}

/**
 * Throws where the plan cannot take place; whoever asks holds the locks of its rooms:
 *
 *   a booking outside its own allocation, an allocation that leaves bookings of its own behind ... PROVIDER_REFUSED
 *   something in one of its rooms that it cannot stand beside .................................... SLOT_TAKEN
 */
export async function checkSlot(session: Session, plan: Plan): Promise<void> {
  if (plan.within !== undefined) await checkInside(session, plan, plan.within);
  if (plan.kind === "allocation") await checkAround(session, plan);
  await checkFree(session, plan);
}

/**
 * What of a room an item cannot stand beside, and what of that is let be; $4 is the item, $5 its allocation. An
 * allocation is the time an organisation has, within which its own things take place, and an event goes before it (S47).
 */
const IN_THE_WAY: Readonly<Record<CreatedKind, Partial<Readonly<Record<CreatedKind, string>>>>> = {
  event: { event: "x.id <> $4", booking: "TRUE" },
  booking: { event: "TRUE", booking: "x.id <> $4", allocation: "x.id IS DISTINCT FROM $5::int" },
  allocation: { booking: "x.allocation_id IS DISTINCT FROM $4", allocation: "x.id <> $4" },
};

async function checkFree(session: Session, { kind, id, rooms, times, within }: Plan): Promise<void> {
  const taken = Object.entries(IN_THE_WAY[kind]).map(
    ([other, unlessLetBe]) => `SELECT 1 FROM bb_${other} x JOIN bb_${other}_resource r ON r.${other}_id = x.id
      WHERE r.resource_id = ANY($1::int[]) AND x.active = 1 AND x.from_ < $3::timestamp AND x.to_ > $2::timestamp
        AND ${unlessLetBe}`,
  );
  const own = kind === "booking" ? [within ?? null] : [];
  const values = [rooms, times.start, times.end, id, ...own];
  const { rows } = await session.run(`${taken.join(" UNION ALL ")} LIMIT 1`, values);
  if (rows.length === 0) return;
  throw new LockstepError("SLOT_TAKEN", {
    detail: `Portico: resource ${rooms.join(", ")} has something at that time that this ${kind} cannot stand beside.`,
  });
}

/** A booking lies in its allocation, in time and rooms, as long as that takes place. */
async function checkInside(session: Session, { rooms, times }: Plan, allocation: number): Promise<void> {
  const { rows } = await session.run(
    `SELECT 1 FROM bb_allocation x WHERE x.id = $1 AND x.active = 1 AND x.from_ <= $2::timestamp AND x.to_ >= $3::timestamp
      AND $4::int[] <@ ARRAY(SELECT r.resource_id FROM bb_allocation_resource r WHERE r.allocation_id = x.id)`,
    [allocation, times.start, times.end, rooms],
  );
  if (rows.length === 0) throw refused(`it would lie outside of the allocation it belongs to, ${allocation}`);
}

async function checkAround(session: Session, { id, rooms, times }: Plan): Promise<void> {
  const { rows } = await session.run(
    `SELECT 1 FROM bb_booking x WHERE x.allocation_id = $1 AND x.active = 1 AND (x.from_ < $2::timestamp OR x.to_ > $3::timestamp
      OR NOT ARRAY(SELECT r.resource_id FROM bb_booking_resource r WHERE r.booking_id = x.id) <@ $4::int[]) LIMIT 1`,
    [id, times.start, times.end, rooms],
  );
  if (rows.length > 0) throw refused("bookings that take place in this allocation would lie outside of it");
}
