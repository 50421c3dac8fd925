import { expect, test } from "vitest";
import { portico } from "../../../shared/providers/portico/index.ts";
import { ROOM_LOCK } from "../../../shared/providers/portico/rooms.ts";
import { connectionTo } from "../../contract/portico-bench.ts";
import { bookPriya, NINE, readKnown, TEN, WINDOW } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { ALLOCATION, BOOKING, ORDER, type TownHall } from "./town-hall.ts";

export function testCreating({ bench, run, rowsOf, beside }: TownHall): void {
  test("writes the event with its date, room, age group and audience, as Portico's own pages need it", async () => {
    bench().statements();

    const made = await bench().source.create(ORDER);

    const statements = bench().statements().length;
    const [event] = await rowsOf("SELECT * FROM bb_event");
    expect(event).toMatchObject({
      ...{
        id: Number(made.id.slice(6)),
        id_string: made.id.slice(6),
        activity_id: 1,
        building_id: 1,
        building_name: "Rådhuset",
      },
      ...{ name: "Budsjettmøte", organizer: "Ola Nordmann", contact_name: "Ola Nordmann", is_public: 1 },
      ...{ customer_ssn: null, secret: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const dates =
      "SELECT d.event_id FROM bb_event_date d JOIN bb_event e ON (e.id, e.from_, e.to_) = (d.event_id, d.from_, d.to_)";
    expect(await rowsOf(dates)).toHaveLength(1);
    expect(await rowsOf("SELECT agegroup_id, male, female FROM bb_event_agegroup")).toEqual([
      { agegroup_id: 1, male: 0, female: 0 },
    ]);
    expect(await rowsOf("SELECT targetaudience_id FROM bb_event_targetaudience")).toEqual([{ targetaudience_id: 1 }]);
    expect(statements).toBe(7);
    await bench().source.create(ORDER);
    expect(bench().statements()).toHaveLength(3);
  });

  test("the key that made an event is told, in a list and by its id", async () => {
    const theirs = await bookPriya(bench(), TEN);
    const { id } = await bench().source.create(ORDER);

    const keys = (await bench().source.list(WINDOW)).bookings.map((booking) => [booking.id, booking.madeWith]);

    expect(new Map(keys as [string, string][])).toEqual(
      new Map([
        [theirs, undefined],
        [id, "key-1"],
      ]),
    );
    expect((await readKnown(bench().source, id)).madeWith).toBe("key-1");
  });

  test("is private where the settings do not say otherwise, and then told without words", async () => {
    const shy = beside({ create: { ageGroup: 1, audience: 1 } });

    const made = await shy.create(ORDER);

    expect(made).toMatchObject({ status: "live", span: NINE, fields: { id: made.id, kind: "event" } });
    expect(await rowsOf("SELECT name, is_public FROM bb_event")).toEqual([{ name: "Budsjettmøte", is_public: 0 }]);
  });

  test("S47: a booking takes its slot, in each of its rooms; an allocation around it does not", async () => {
    await run(ALLOCATION);
    expect(await bench().source.create(ORDER)).toMatchObject({ span: NINE });
    await run(BOOKING);

    expect(await codeOf(bench().source.create({ ...ORDER, key: "key-2", resource: "102" }))).toBe("SLOT_TAKEN");
    await run("UPDATE bb_booking SET active = 0");
    expect(await bench().source.create({ ...ORDER, key: "key-2", resource: "102" })).toMatchObject({
      resources: ["102"],
    });
  });

  test("what was made and cancelled since is told as it is; what was deleted since is not made again", async () => {
    const { id } = await bench().source.create(ORDER);
    await bench().outside.cancel(id);
    expect(await bench().source.create(ORDER)).toMatchObject({ id, status: "cancelled", madeWith: "key-1" });

    await run("DELETE FROM bb_event_date; DELETE FROM bb_event_agegroup; DELETE FROM bb_event_targetaudience");
    await bench().outside.erase(id);
    expect(await codeOf(bench().source.create(ORDER))).toBe("BOOKING_CHANGED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
  });

  test("what was made and cannot be read any more is told as unclear, under its id", async () => {
    const { id } = await bench().source.create(ORDER);
    await run("UPDATE bb_event SET to_ = from_");

    expect(await bench().source.create(ORDER)).toMatchObject({ id, status: "unclear", span: NINE });
  });

  test("texts longer than their columns are cut, never inside a character; an address that would be cut is left out", async () => {
    const fields = {
      ...{ title: `${"å".repeat(254)}😀😀`, customer: "n".repeat(200), notes: "a\u0000b" },
      email: `${"a".repeat(50)}@bergen.example`,
    };

    const made = await bench().source.create({ ...ORDER, fields });

    expect(made.fields).toEqual({
      ...{ id: made.id, kind: "event", title: `${"å".repeat(254)}😀`, customer: "n".repeat(150), notes: "ab" },
    });
  });

  test.each([
    ["bookings and allocations", { kind: "booking" }],
    ["fields of other names", { fields: { shoeSize: "42" } }],
  ] as const)("%s are refused", async (_, change) => {
    expect(await codeOf(bench().source.create({ ...ORDER, ...change }))).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
  });

  test("an age group that is not there is refused, and leaves nothing behind", async () => {
    const wrong = beside({ create: { ageGroup: 9, audience: 1 } });

    expect(await codeOf(wrong.create(ORDER))).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
    expect(await bench().source.create(ORDER)).toMatchObject({ status: "live" });
  });

  test("a room out of use is UNKNOWN_RESOURCE", async () => {
    await run("UPDATE bb_resource SET active = 0 WHERE id = 101");

    expect(await codeOf(bench().source.create(ORDER))).toBe("UNKNOWN_RESOURCE");
  });

  test("S15: looks for what is in the way only while it holds the room's lock", async () => {
    const engine = await bench().engine();
    const locks: unknown[] = [];
    engine.intercept({
      onStart: () => "go on",
      async onStatement(text) {
        if (!text.startsWith("SELECT 1 FROM bb_event")) return "go on";
        const held = "SELECT classid, objid, mode FROM pg_locks WHERE locktype = 'advisory' AND granted";
        locks.push(...(await engine.db.query(held)).rows);
        return "go on";
      },
      losesAnswer: () => false,
    });

    await bench().source.create(ORDER);

    expect(locks).toEqual([{ classid: ROOM_LOCK, objid: 101, mode: "ExclusiveLock" }]);
    expect(await rowsOf("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
  });

  test("without the settings for it nothing is created, and our own table is not needed", async () => {
    await run("ALTER TABLE lockstep_import RENAME TO away");
    try {
      const reader = portico.connect(
        connectionTo(async () => (await bench().engine()).url, { url: "portico-url", tls: "off" }),
      );
      expect(reader.creates).toBe(false);
      expect((await reader.list(WINDOW)).complete).toBe(true);

      await expect(bench().source.list(WINDOW)).rejects.toThrow("run shared/providers/portico/lockstep-import.sql");
      expect(await codeOf(bench().source.create(ORDER))).toBe("PROVIDER_FORBIDDEN");
    } finally {
      await run("ALTER TABLE away RENAME TO lockstep_import");
    }
  });
}
