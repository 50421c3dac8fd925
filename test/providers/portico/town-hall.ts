import { beforeAll, beforeEach } from "vitest";
import type { CreatedKind } from "../../../shared/ports/booking-source.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import { connectionTo, openPorticoBench, type PorticoBench, porticoSource } from "../../contract/portico-bench.ts";
import { NINE } from "../../contract/source-bench.ts";
import { sharedEngine } from "./engine.ts";

export const ORDER = {
  key: "key-1",
  kind: "event",
  resource: "101",
  span: NINE,
  fields: { title: "Budsjettmøte", notes: "Ta med planen", customer: "Ola Nordmann", email: "ola@bergen.example" },
} as const;

/** Portico's own people, at NINE: 15:00 to 16:00 in Oslo. */
export const BOOKING = `INSERT INTO bb_booking (id, allocation_id, group_id, season_id, activity_id, from_, to_, secret)
    VALUES (7, (SELECT min(id) FROM bb_allocation), 1, 1, 1, '2027-01-10 15:00', '2027-01-10 16:00', 'token');
  INSERT INTO bb_booking_resource VALUES (7, 102), (7, 101);`;
export const ALLOCATION = `INSERT INTO bb_allocation (id, organization_id, season_id, from_, to_)
    VALUES (3, 1, 1, '2027-01-10 14:00', '2027-01-10 18:00');
  INSERT INTO bb_allocation_resource VALUES (3, 101);`;

/** What Portico's own people put there, on the 10th of January 2027, in whole hours of Oslo. */
export interface Item {
  readonly kind: CreatedKind;
  readonly id: number;
  readonly hours: readonly [number, number];
  readonly rooms?: readonly number[];
  /** Of a booking: its allocation. */
  readonly within?: number;
}

/** The statements that put it there. */
export function placing({ kind, id, hours, rooms = [101], within }: Item): string {
  const times = hours.map((hour) => `'2027-01-10 ${hour}:00'`).join(", ");
  const columns = {
    event: "activity_id, name, building_id, building_name, contact_name, contact_email, contact_phone, secret",
    booking: "allocation_id, group_id, season_id, activity_id, secret",
    allocation: "organization_id, season_id",
  }[kind];
  const values = {
    event: "1, 'Kurs', 1, 'Rådhuset', 'Kari Nordmann', '', '', 'token'",
    booking: `${within ?? "NULL"}, 1, 1, 1, 'token'`,
    allocation: "1, 1",
  }[kind];
  const stands = rooms.map((room) => `(${id}, ${room})`).join(", ");
  return `INSERT INTO bb_${kind} (id, from_, to_, ${columns}) VALUES (${id}, ${times}, ${values});
    INSERT INTO bb_${kind}_resource VALUES ${stands};`;
}

/** A bench for each test of a file, and the tables behind it. */
export interface TownHall {
  bench(): PorticoBench;
  run(sql: string): Promise<void>;
  rowsOf(sql: string): Promise<unknown[]>;
  /** Another account on the same tables, which stay as they are. */
  beside(settings: object): PorticoBench["source"];
}

/** PostgreSQL takes seconds to start: once for the file, before its first test. */
export function openTownHall(): TownHall {
  let bench: PorticoBench;
  beforeAll(async () => void (await sharedEngine()), 120_000);
  beforeEach(() => {
    bench = openPorticoBench();
  });
  return {
    bench: () => bench,
    run: async (sql) => void (await (await bench.engine()).db.exec(sql)),
    rowsOf: async (sql) => (await (await bench.engine()).db.query(sql)).rows,
    beside(settings) {
      const all = { url: "portico-url", tls: "off", create: { ageGroup: 1, audience: 1, public: true }, ...settings };
      return porticoSource(portico.connect(connectionTo(async () => (await bench.engine()).url, all)));
    },
  };
}
