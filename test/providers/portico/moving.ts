import { expect, test } from "vitest";
import type { CreatedKind } from "../../../shared/ports/booking-source.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import { connectionTo } from "../../contract/portico-bench.ts";
import { bookPriya, HALF_PAST, NINE, readKnown, TEN, timed, updating } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { ORDER, placing, type TownHall } from "./town-hall.ts";

/** Whole hours of Oslo on the 10th of January 2027. */
function hours(from: number, to: number) {
  const at = (hour: number) => `2027-01-10T${String(hour - 1).padStart(2, "0")}:00:00.000Z`;
  return timed(at(from), at(to));
}

export function testMoving({ bench, run, rowsOf }: TownHall): void {
  /** As a drag does it: read, then changed. */
  const change = async (id: string, to: object) => {
    const { source } = bench();
    return source.update({ id, as: await readKnown(source, id), ...to });
  };
  const codeOfChange = (id: string, to: object) => codeOf(change(id, to));

  test("an event takes along the date that was its time, and names the building of its new room", async () => {
    const { id } = await bench().source.create(ORDER);
    await run(
      `INSERT INTO bb_event_date (event_id, from_, to_) SELECT id, '2027-02-01 09:00', '2027-02-01 10:00' FROM bb_event`,
    );

    await change(id, { span: HALF_PAST, resource: "201" });

    expect(await rowsOf("SELECT from_::text, to_::text FROM bb_event_date ORDER BY 1")).toEqual([
      { from_: "2027-01-10 15:30:00", to_: "2027-01-10 16:30:00" },
      { from_: "2027-02-01 09:00:00", to_: "2027-02-01 10:00:00" },
    ]);
    expect(await rowsOf("SELECT from_::text, building_id, building_name FROM bb_event")).toEqual([
      { from_: "2027-01-10 15:30:00", building_id: 2, building_name: "Idrettshallen" },
    ]);
    expect((await readKnown(bench().source, id)).madeWith).toBe(ORDER.key);
  });

  test("a room that stands in the event's building too leaves that building as it is", async () => {
    const id = await bookPriya(bench());
    await run("UPDATE bb_event SET building_id = 2, building_name = 'Idrettshallen'");
    await run("INSERT INTO bb_building_resource VALUES (2, 102)");

    await change(id, { resource: "102" });

    await run("DELETE FROM bb_building_resource WHERE (building_id, resource_id) = (2, 102)");
    expect(await rowsOf("SELECT building_id FROM bb_event")).toEqual([{ building_id: 2 }]);
  });

  test("costs six statements for a time, nine with a room; what rests on an older reading costs three", async () => {
    const { source, statements } = bench();
    const as = await readKnown(source, await bookPriya(bench()));
    const costs: number[] = [];
    for (const to of [{ span: HALF_PAST }, { span: NINE, resource: "102" }]) {
      const now = await readKnown(source, as.id);
      statements();
      await source.update({ id: as.id, as: now, ...to });
      costs.push(statements().length);
    }
    expect(await codeOf(source.update({ id: as.id, as, span: TEN }))).toBe("BOOKING_CHANGED");
    costs.push(statements().length);

    expect(costs).toEqual([6, 9, 3]);
  });

  test("what is known by a version alone is not known here", async () => {
    const id = await bookPriya(bench());

    expect(await codeOf(bench().source.update({ id, as: { version: 1 }, span: TEN }))).toBe("BOOKING_CHANGED");
    expect(await codeOf(bench().source.update({ id: "event-0", as: { hash: "" }, span: TEN }))).toBe("BOOKING_CHANGED");
  });

  test("a row that cannot be read any more is not as it was", async () => {
    const as = await readKnown(bench().source, await bookPriya(bench()));
    await run("UPDATE bb_event SET to_ = from_");

    expect(await codeOf(bench().source.update({ id: as.id, as, span: TEN }))).toBe("BOOKING_CHANGED");
  });

  const PAIRS: readonly (readonly [CreatedKind, CreatedKind, string])[] = [
    ["event", "event", "SLOT_TAKEN"],
    ["event", "booking", "SLOT_TAKEN"],
    ["event", "allocation", "answered"],
    ["booking", "event", "SLOT_TAKEN"],
    ["booking", "booking", "SLOT_TAKEN"],
    ["booking", "allocation", "SLOT_TAKEN"],
    ["allocation", "event", "answered"],
    ["allocation", "booking", "SLOT_TAKEN"],
    ["allocation", "allocation", "SLOT_TAKEN"],
  ];
  test.each(PAIRS)(
    "S47: %s moved into the time of %s: %s; once that is out of use, it moves",
    async (kind, other, code) => {
      // The same number in both tables: they are not each other.
      const id = kind === other ? 8 : 7;
      await run(
        placing({ kind, id, hours: [9, 11] }) + placing({ kind: other, id: 7, hours: [12, 14], rooms: [102, 101] }),
      );

      expect(await codeOfChange(`${kind}-${id}`, { span: hours(11, 13) })).toBe(code);
      await run(`UPDATE bb_${other} SET active = 0 WHERE from_ = '2027-01-10 12:00'`);
      expect(await codeOfChange(`${kind}-${id}`, { span: hours(12, 14) })).toBe("answered");
    },
  );

  test("S47: a booking moves within its own allocation, and is refused outside of its time or its rooms", async () => {
    await run(placing({ kind: "allocation", id: 3, hours: [12, 18], rooms: [101] }));
    await run(placing({ kind: "booking", id: 7, hours: [15, 16], within: 3 }));

    expect(await change("booking-7", { span: hours(12, 13) })).toMatchObject({
      within: "allocation-3",
      span: hours(12, 13),
    });
    expect(await codeOfChange("booking-7", { span: hours(11, 13) })).toBe("PROVIDER_REFUSED");
    expect(await codeOfChange("booking-7", { span: hours(17, 19) })).toBe("PROVIDER_REFUSED");
    expect(await codeOfChange("booking-7", { resource: "102" })).toBe("PROVIDER_REFUSED");
    await run("INSERT INTO bb_allocation_resource VALUES (3, 102)");
    expect(await change("booking-7", { resource: "102" })).toMatchObject({ resources: ["102"] });
    await run("UPDATE bb_allocation SET active = 0");
    expect(await codeOfChange("booking-7", { span: hours(13, 14) })).toBe("PROVIDER_REFUSED");
    expect((await readKnown(bench().source, "booking-7")).span).toMatchObject(hours(12, 13));
  });

  test("an allocation leaves none of its bookings behind, neither in time nor in its room", async () => {
    await run(placing({ kind: "allocation", id: 3, hours: [12, 18] }));
    await run(placing({ kind: "booking", id: 7, hours: [15, 16], within: 3 }));

    expect(await change("allocation-3", { span: hours(13, 17) })).toMatchObject({ span: hours(13, 17) });
    expect(await codeOfChange("allocation-3", { span: hours(9, 13) })).toBe("PROVIDER_REFUSED");
    expect(await codeOfChange("allocation-3", { resource: "102" })).toBe("PROVIDER_REFUSED");
    await run("UPDATE bb_booking SET active = 0");
    expect(await change("allocation-3", { span: hours(9, 13), resource: "102" })).toMatchObject({ resources: ["102"] });
  });

  test("what stands in several rooms moves in all of them, or in none, and keeps its rooms", async () => {
    await run(placing({ kind: "event", id: 4, hours: [9, 10], rooms: [101, 102] }));
    await run(placing({ kind: "event", id: 5, hours: [12, 13], rooms: [102] }));

    expect(await codeOfChange("event-4", { span: hours(12, 13) })).toBe("SLOT_TAKEN");
    expect(await codeOfChange("event-4", { resource: "201" })).toBe("PROVIDER_REFUSED");
    expect(await change("event-4", { span: hours(14, 15) })).toMatchObject({ resources: ["101", "102"] });
  });

  test("bookings and allocations stay in the building of their season", async () => {
    await run(placing({ kind: "booking", id: 7, hours: [15, 16] }));

    expect(await codeOfChange("booking-7", { resource: "201" })).toBe("PROVIDER_REFUSED");
    expect(await change("booking-7", { resource: "102", span: hours(10, 11) })).toMatchObject({
      ...{ resources: ["102"], span: hours(10, 11) },
    });
  });

  test("a room out of use takes nothing up, and what is there already may move in time", async () => {
    const id = await bookPriya(bench());
    await run("UPDATE bb_resource SET active = 0 WHERE id IN (101, 102)");

    expect(await codeOfChange(id, { resource: "102" })).toBe("UNKNOWN_RESOURCE");
    expect(await change(id, { span: TEN, resource: "101" })).toMatchObject({ resources: ["101"], span: TEN });
  });

  test("words that were not read are not written over, nor are those of an organisation", async () => {
    const id = await bookPriya(bench());
    await run(placing({ kind: "booking", id: 7, hours: [9, 10] }));

    const words = { title: "Møte", customer: "Ola", email: "ola@bergen.example" };
    expect((await change(id, { fields: words })).fields).toMatchObject({ ...words, notes: "Putting lesson" });
    await run("UPDATE bb_event SET is_public = 0");
    expect(await codeOfChange(id, { fields: { notes: "x" } })).toBe("PROVIDER_REFUSED");
    expect(await codeOfChange("booking-7", { fields: { title: "x" } })).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT description FROM bb_event")).toEqual([{ description: "Putting lesson" }]);
  });

  test("whole days become the time from midnight to midnight; a time the tables cannot say is refused", async () => {
    const id = await bookPriya(bench());

    expect(await change(id, { span: { kind: "all-day", start: "2027-01-12", end: "2027-01-13" } })).toMatchObject({
      span: timed("2027-01-11T23:00:00.000Z", "2027-01-12T23:00:00.000Z"),
    });
    expect(await codeOfChange(id, { span: timed("2027-01-10T15:00:00.500Z", "2027-01-10T16:00:00.000Z") })).toBe(
      "PROVIDER_REFUSED",
    );
  });

  test("needs neither the settings for creating nor our own table", async () => {
    const id = await bookPriya(bench());
    const settings = { url: "portico-url", tls: "off" };
    const mover = updating({
      source: portico.connect(connectionTo(async () => (await bench().engine()).url, settings)),
    });
    await run("ALTER TABLE lockstep_import RENAME TO away");
    try {
      const as = await readKnown(mover, id);
      expect(await mover.update({ id, as, span: TEN })).toMatchObject({ span: TEN });
    } finally {
      await run("ALTER TABLE away RENAME TO lockstep_import");
    }
  });
}

export function testEnabling({ bench, run, rowsOf }: TownHall): void {
  test("takes it into use again, whatever the kind; what takes place is answered as it is", async () => {
    await run(placing({ kind: "allocation", id: 3, hours: [12, 18] }));
    await run(placing({ kind: "booking", id: 7, hours: [15, 16], within: 3 }));
    const { source } = bench();
    for (const id of ["booking-7", "allocation-3"]) await source.cancel(id);

    expect(await codeOf(source.enable("booking-7"))).toBe("PROVIDER_REFUSED");
    expect(await source.enable("allocation-3")).toMatchObject({ status: "live" });
    expect(await source.enable("booking-7")).toMatchObject({ status: "live", within: "allocation-3" });
    expect(await source.enable("booking-7")).toMatchObject({ status: "live" });
    expect(await rowsOf("SELECT active FROM bb_booking UNION ALL SELECT active FROM bb_allocation")).toEqual([
      { active: 1 },
      { active: 1 },
    ]);
  });

  test("an enabling whose answer is lost is done once, and answered", async () => {
    const id = await bookPriya(bench());
    await bench().outside.cancel(id);
    await bench().outside.loseAnswer();

    expect(await bench().source.enable(id)).toMatchObject({ status: "live" });
  });

  test("a row that cannot be read is refused, and stays out of use", async () => {
    const id = await bookPriya(bench());
    await run("UPDATE bb_event SET to_ = from_, active = 0");

    expect(await codeOf(bench().source.enable(id))).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT active FROM bb_event")).toEqual([{ active: 0 }]);
  });
}
