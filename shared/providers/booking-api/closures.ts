import { createHash } from "node:crypto";
import { LockstepError } from "../../errors.ts";
import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { later, type Span } from "../../sync/time.ts";
import type { Client } from "./client.ts";
import type { Stretch } from "./occurrences.ts";
import { Closure } from "./schema.ts";
import { type ReadRow, readSpan, rowId } from "./translate.ts";
import { walk } from "./walk.ts";

/** Before a closure's own id; in no id of the contract. */
const CLOSURE = "closure:";
const DAY_MS = 86_400_000;

export function isClosure(id: string): boolean {
  return id.startsWith(CLOSURE);
}

/** The closures that touch the stretch, each as something that takes its room and that nobody can change here. */
export function listClosures(client: Client, { from, to }: Stretch) {
  return walk(client, "listClosures", "/closures", new URLSearchParams({ from, to }), (item) => [readClosure(item)]);
}

/** The contract reads no single closure: a complete list of the days around it tells. */
export async function readClosures(
  client: Client,
  wanted: readonly WantedBooking[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const found = new Map<string, SourceBooking | undefined>();
  for (const { id, around } of wanted) {
    const { bookings, bad, complete } = await listClosures(client, stretchAround(client, around));
    const closure = bookings.find((each) => each.id === id);
    if (closure === undefined && (!complete || bad.some((each) => each.id === id))) {
      throw new LockstepError("PROVIDER_UNAVAILABLE", {
        detail: `Booking system: whether ${id} still stands cannot be told now: the list of closures is not complete.`,
        provider: "incomplete list",
      });
    }
    found.set(id, closure);
  }
  return found;
}

/** Where it was never seen, the next year is looked at. */
function stretchAround(client: Client, around: Span | undefined): Stretch {
  if (around === undefined) return { from: client.now(), to: later(client.now(), 365 * DAY_MS) };
  const [start, end] =
    around.kind === "timed" ? [around.start, around.end] : [`${around.start}T00:00:00Z`, `${around.end}T00:00:00Z`];
  return { from: later(start, -DAY_MS), to: later(end, DAY_MS) };
}

function readClosure(item: unknown): ReadRow {
  const parsed = Closure.safeParse(item);
  if (!parsed.success)
    return { bad: { id: `${CLOSURE}${rowId(item)}`, reason: "it is no closure as the contract has it" } };
  const { id, resource, start, end, reason } = parsed.data;
  const span = readSpan(start, end);
  if (typeof span === "string") return { bad: { id: `${CLOSURE}${id}`, reason: span } };
  const title = reason === "" ? "Closed" : `Closed: ${reason}`;
  const fields = { kind: "closure", title, customer: title, notes: reason };
  const text = JSON.stringify([id, resource, span.kind, span.start, span.end, reason]);
  const hash = createHash("sha256").update(text).digest("base64url");
  return {
    booking: {
      id: `${CLOSURE}${id}`,
      resources: [resource],
      status: "live",
      span,
      fields,
      kind: "closure",
      fixed: true,
      hash,
    },
  };
}
