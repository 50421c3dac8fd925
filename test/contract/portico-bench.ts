import type { BookingSource } from "../../shared/ports/booking-source.ts";
import type { SourceConnection } from "../../shared/ports/provider.ts";
import { NOWHERE } from "../../shared/providers/portico/client.ts";
import { portico } from "../../shared/providers/portico/index.ts";
import type { Settings } from "../../shared/providers/portico/schema.ts";
import { toLocal } from "../../shared/providers/portico/times.ts";
import type { Span } from "../../shared/sync/time.ts";
import { manualClock } from "../fakes/manual-clock.ts";
import { fakeMemory } from "../fakes/source-memory.ts";
import { type Engine, type Interceptor, sharedEngine, type Wire } from "../providers/portico/engine.ts";
import type { SourceBench } from "./source-bench.ts";
import type { Trouble } from "./trouble.ts";

export const OSLO = "Europe/Oslo";
/** Words are asserted, so that what is created is public here. */
const SETTINGS = { url: "portico-url", tls: "off", create: { ageGroup: 1, audience: 1, public: true } };

export type PorticoSource = Extract<BookingSource, { moves: "update"; cancels: true; creates: true }>;

export interface PorticoBench extends SourceBench {
  readonly source: PorticoSource;
  /** The engine with empty tables. */
  engine(): Promise<Engine>;
  /** Statements since the last look, by their first words. */
  statements(): string[];
}

export function porticoSource(source: BookingSource): PorticoSource {
  if (source.moves === "update" && source.cancels && source.creates) return source;
  throw new Error("portico updates, cancels and creates");
}

/** A connection to the engine, by a secret as in production. */
export function connectionTo(
  url: () => Promise<string>,
  settings: object,
): SourceConnection<Settings> & { readonly clock: ReturnType<typeof manualClock> } {
  return {
    settings: portico.settings.parse(settings) as Settings, // parsed by its own schema
    root: NOWHERE,
    timeZone: OSLO,
    secrets: { read: url },
    clock: manualClock(),
    fetch: () => Promise.reject(new Error("a database is not fetched")),
    memory: fakeMemory(),
  };
}

/** Portico's tables on a real PostgreSQL, in process; `settings` beside the defaults. */
export function openPorticoBench(settings: object = {}): PorticoBench {
  let opened: Promise<Engine> | undefined;
  const faults = openFaults();
  const engine = () => {
    opened ??= sharedEngine().then(async (shared) => {
      shared.intercept(faults);
      await shared.reset();
      return shared;
    });
    return opened;
  };
  const connection = connectionTo(async () => (await engine()).url, { ...SETTINGS, ...settings });
  const source = porticoSource(portico.connect(connection));
  const sql = async (text: string, values: unknown[] = []) => (await (await engine()).db.query(text, values)).rows;
  const event = (id: string) => Number(id.replace("event-", ""));
  return {
    source,
    engine,
    statements: () => faults.seen.splice(0).filter((text) => !/^(BEGIN|COMMIT|ROLLBACK)$/.test(text)),
    rooms: ["101", "102"],
    changesRooms: true,
    kind: "event",
    outside: {
      async book({ room, span, customer, notes = "" }) {
        const [row] = await sql(BOOK, [notes, ...locals(span), customer, Number(room)]);
        return `event-${String(Object.values(row ?? {})[0])}`;
      },
      async change(id, { room, span, notes }) {
        const is = event(id);
        if (span !== undefined)
          await sql("UPDATE bb_event SET from_ = $2, to_ = $3 WHERE id = $1", [is, ...locals(span)]);
        if (notes !== undefined) await sql("UPDATE bb_event SET description = $2 WHERE id = $1", [is, notes]);
        if (room !== undefined)
          await sql("UPDATE bb_event_resource SET resource_id = $2 WHERE event_id = $1", [is, Number(room)]);
      },
      cancel: async (id) => void (await sql("UPDATE bb_event SET active = 0 WHERE id = $1", [event(id)])),
      async erase(id) {
        await sql("DELETE FROM bb_event_resource WHERE event_id = $1", [event(id)]);
        await sql("DELETE FROM bb_event WHERE id = $1", [event(id)]);
      },
      async fail(trouble, times) {
        faults.begin(trouble, times);
        if (times > 0 && AT_THE_DOOR.has(trouble)) await (await engine()).dropAll();
      },
      async loseAnswer() {
        await engine();
        faults.loseNext();
      },
      async addBadRow() {
        await sql(BOOK, ["", "2027-01-10 18:00:00", "2027-01-10 17:00:00", "Kari Nordmann", 101]);
      },
    },
    checkouts: undefined,
    advance: connection.clock.advance,
    close: () => undefined,
  };
}

const BOOK = `WITH made AS (
    INSERT INTO bb_event (activity_id, name, description, from_, to_, building_name, organizer, contact_name, contact_email,
      contact_phone, customer_ssn, secret)
    VALUES (1, 'Kurs', $1, $2::timestamp, $3::timestamp, 'Rådhuset', $4, 'Kari Nordmann', '', '', '01017012345', 'token')
    RETURNING id)
  INSERT INTO bb_event_resource (event_id, resource_id) SELECT id, $5::int FROM made RETURNING event_id`;

function locals({ start, end }: Span): string[] {
  return [toLocal(start, OSLO), toLocal(end, OSLO)];
}

/** What a server says when it lets nobody in … */
const AT_THE_DOOR: ReadonlyMap<Trouble, string> = new Map([
  ["unauthorized", "28P01"],
  ["rate-limited", "53300"],
  ["unavailable", "57P03"],
]);

/** … and what comes of a statement. */
const OF_A_STATEMENT: Partial<Record<Trouble, (wire: Wire) => void>> = {
  forbidden: (wire) => wire.refuse("42501", "ERROR"),
  "no-answer": (wire) => wire.drop(),
  nonsense: (wire) => wire.babble(),
};

interface Faults extends Interceptor {
  readonly seen: string[];
  begin(trouble: Trouble, times: number): void;
  loseNext(): void;
}

function openFaults(): Faults {
  const seen: string[] = [];
  let present: { readonly trouble: Trouble; left: number } | undefined;
  let isLosing = false;
  const take = (isMeant: (trouble: Trouble) => boolean): Trouble | undefined => {
    if (present === undefined || present.left === 0 || !isMeant(present.trouble)) return undefined;
    present.left -= 1;
    return present.trouble;
  };
  return {
    seen,
    begin(trouble, times) {
      present = { trouble, left: times };
    },
    loseNext() {
      isLosing = true;
    },
    onStart(wire) {
      const trouble = take((each) => AT_THE_DOOR.has(each));
      if (trouble === undefined) return "go on";
      wire.refuse(AT_THE_DOOR.get(trouble) ?? "", "FATAL");
      return "handled";
    },
    async onStatement(text, wire) {
      seen.push(text);
      const trouble = take((each) => OF_A_STATEMENT[each] !== undefined);
      if (trouble === undefined) return "go on";
      OF_A_STATEMENT[trouble]?.(wire);
      return "handled";
    },
    losesAnswer(text, isIdle) {
      if (!isLosing || !isIdle || !/^(COMMIT|UPDATE)/.test(text)) return false;
      isLosing = false;
      return true;
    },
  };
}
