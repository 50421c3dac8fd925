import { LockstepError } from "../../errors.ts";
import type { BadRow } from "../../ports/booking-source.ts";
import type { Instant } from "../../sync/time.ts";
import { type Client, isOfAccount } from "./client.ts";
import { brokenAnswer } from "./failures.ts";
import { List, Meta, type Row } from "./schema.ts";
import { readRow } from "./translate.ts";

/** There is no `confirmed`: what is confirmed is under way or to come. */
const MODES = ["provisional", "current", "future", "cancelled"] as const;

export interface Rows {
  readonly rows: ReadonlyMap<string, Row>;
  readonly bad: readonly BadRow[];
  /** False where a mode failed or told of more than it answered (S03). */
  readonly complete: boolean;
  /** In words for people. */
  readonly lacks: readonly string[];
}

/**
 * The bookings of every mode, each once; what one says under two modes is believed as the later mode has it. A mode that
 * fails leaves the others of use. Throws where all do, or where it is the account that is refused.
 */
export async function listRows(client: Client, until?: Instant): Promise<Rows> {
  const parts = await Promise.all(MODES.map((mode) => listMode(client, mode, until)));
  const failed = parts.flatMap((part) => ("failure" in part ? [part] : []));
  const [first] = failed;
  const fatal =
    failed.find(({ failure }) => isOfAccount(failure)) ?? (failed.length === MODES.length ? first : undefined);
  if (fatal !== undefined) throw fatal.failure;
  const rows = new Map<string, Row>();
  const bad = new Map<string, BadRow>();
  let complete = failed.length === 0;
  for (const part of parts) {
    if ("failure" in part) continue;
    complete &&= part.complete;
    for (const read of part.items.map(readRow)) {
      if ("row" in read) rows.set(read.row.id, read.row);
      else bad.set(read.bad.id, read.bad);
    }
  }
  for (const id of bad.keys()) rows.delete(id);
  return { rows, bad: [...bad.values()], complete, lacks: failed.map(({ mode, failure }) => lackOf(mode, failure)) };
}

type Part =
  | { readonly items: readonly unknown[]; readonly complete: boolean }
  | { readonly mode: string; readonly failure: LockstepError };

async function listMode(client: Client, mode: string, until: Instant | undefined): Promise<Part> {
  const { campsiteId } = client.connection.settings;
  const what = `the list of ${mode} bookings`;
  try {
    const path = `/v3/campsites/${campsiteId}/bookings?mode=${mode}`;
    const found = await client.find({ what, path, answer: List, ...(until === undefined ? {} : { until }) });
    if (found === undefined) throw brokenAnswer(what, "OSM knows no such campsite");
    const meta = Meta.safeParse(found.meta);
    return { items: found.data, complete: !meta.success || meta.data.total <= found.data.length };
  } catch (failure) {
    if (failure instanceof LockstepError) return { mode, failure };
    throw failure;
  }
}

function lackOf(mode: string, failure: LockstepError): string {
  return `OSM did not list the ${mode} bookings (${failure.provider ?? failure.code}).`;
}
