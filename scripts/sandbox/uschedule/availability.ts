import { Temporal } from "temporal-polyfill";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { distort } from "./distort.ts";
import { refuse } from "./errors.ts";
import { namedUnit, readFields, readId, unitName } from "./fields.ts";
import { readDate, readLocal, showLocal } from "./local-time.ts";
import { catalogueOf } from "./shelves.ts";
import { freeParts, type Slot } from "./slots.ts";

const DEFAULT_MINUTES = 60;
const GRID_MINUTES = 30;

/**
 * `getavailability`: what is free on a bay (or on all) between StartTime and EndTime, or on the days
 * from StartDate to EndDate, both included. What is shorter than ServiceLength minutes is left out.
 */
export function getAvailability(call: Call): Reply {
  if (call.faults.has("slot-taken")) return json(200, []);
  const fields = readFields(call);
  const { world } = call;
  const range = readRange(call, fields);
  const unit = namedUnit(world, fields);
  const units = unit === undefined ? catalogueOf(world).all("resourceunits") : [unit];
  const parts = units.flatMap(({ Id }) => freeParts(world, { ResourceUnitID: Id, ...range }));
  const rows = shape(call, parts, readId(fields.ServiceLength));
  return json(
    200,
    distort(
      call,
      rows.map((row) => ({ ...row, ResourceName: unitName(world, row.ResourceUnitID) })),
    ),
  );
}

/** The option `availability` says in which of the thinkable ways it is shown. */
function shape(
  call: Call,
  parts: readonly Slot[],
  asked: number | undefined,
): (Omit<Slot, "EndTime"> & Partial<Slot>)[] {
  const as = call.world.options().availability;
  if (as === "parts") return parts.filter((part) => minutesOf(part) >= (asked ?? 0));
  const slots = parts.flatMap((part) => cut(part, asked ?? DEFAULT_MINUTES));
  return as === "slots" ? slots : slots.map(({ EndTime: _, ...start }) => start);
}

/** Starts on the half hour of which the whole length fits into the part. */
function cut(part: Slot, minutes: number): Slot[] {
  const slots: Slot[] = [];
  const end = Temporal.PlainDateTime.from(part.EndTime);
  let start = Temporal.PlainDateTime.from(part.StartTime).round({
    smallestUnit: "minute",
    roundingIncrement: GRID_MINUTES,
    roundingMode: "ceil",
  });
  while (Temporal.PlainDateTime.compare(start.add({ minutes }), end) <= 0) {
    slots.push({ ...part, StartTime: showLocal(start), EndTime: showLocal(start.add({ minutes })) });
    start = start.add({ minutes: GRID_MINUTES });
  }
  return slots;
}

function minutesOf({ StartTime, EndTime }: Slot): number {
  return (Date.parse(`${EndTime}Z`) - Date.parse(`${StartTime}Z`)) / 60_000;
}

function readRange(call: Call, fields: Readonly<Record<string, unknown>>): Pick<Slot, "StartTime" | "EndTime"> {
  const { timeZone } = call.world.options();
  const from = readLocal(fields.StartTime, timeZone) ?? readDate(fields.StartDate)?.toPlainDateTime();
  const to = readLocal(fields.EndTime, timeZone) ?? readDate(fields.EndDate)?.toPlainDateTime().add({ days: 1 });
  if (from === undefined || to === undefined)
    return refuse(400, "StartTime and EndTime, or StartDate and EndDate, are required.");
  const range = { StartTime: showLocal(from), EndTime: showLocal(to) };
  return range.EndTime > range.StartTime ? range : refuse(400, "The end must be after the start.");
}
