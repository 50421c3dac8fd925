import { isDeepStrictEqual } from "node:util";
import { isError } from "../../errors.ts";
import type { SourceMemory } from "../../ports/source-memory.ts";
import type { Instant } from "../../sync/time.ts";
import type { Details } from "./translate.ts";

const DOC = "items";

/** What is remembered of one booking: a list tells no items, and no list tells when something changed. */
export interface Known {
  /** The row's hash when its items were read; "" before. */
  readonly row: string;
  /** The listing that showed it first; else when it was first read by its number. "" before: only a list that lacked something showed it. */
  readonly since: Instant;
  /** When its items were read. */
  readonly at?: Instant;
  readonly details?: Details;
  /** It had items once. */
  readonly placed?: true;
  /** Seen live last time it was listed. */
  readonly live: boolean;
  /** The listing in which it turned from live to cancelled. */
  readonly gone?: Instant;
  /** The booking it lives on as (S07). */
  readonly by?: string;
}

export type KnownById = Readonly<Record<string, Known>>;

export interface ItemsMemory {
  readonly known: KnownById;
  /** Keeps it where it differs. Another instance that was faster is believed: the next listing goes on from there. */
  keep(next: KnownById): Promise<void>;
}

export async function openItemsMemory(memory: SourceMemory): Promise<ItemsMemory> {
  const stored = await memory.read<{ readonly known: KnownById }>(DOC);
  const known = stored?.data.known ?? {};
  return {
    known,
    async keep(next) {
      if (isDeepStrictEqual(next, known)) return;
      try {
        await memory.save(DOC, { known: next }, stored?.version);
      } catch (error) {
        if (!isError(error, "STORE_CONFLICT")) throw error;
      }
    },
  };
}
