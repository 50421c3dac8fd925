import { readFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LockstepError } from "../../../shared/errors.ts";
import { NOWHERE } from "../../../shared/providers/portico/client.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import { ROOM_LOCK } from "../../../shared/providers/portico/rooms.ts";
import { connectionTo, openPorticoBench, type PorticoBench } from "../../contract/portico-bench.ts";
import { bookPriya, NINE, readKnown, TEN, WINDOW } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { sharedEngine } from "./engine.ts";

const ORDER = {
  key: "key-1",
  kind: "event",
  resource: "101",
  span: NINE,
  fields: { title: "Budsjettmøte", notes: "Ta med planen", customer: "Ola Nordmann", email: "ola@bergen.example" },
} as const;
/** Portico's own people, at NINE: 15:00 to 16:00 in Oslo. */
const BOOKING = `INSERT INTO bb_booking (id, allocation_id, group_id, season_id, activity_id, from_, to_, secret)
    VALUES (7, (SELECT min(id) FROM bb_allocation), 1, 1, 1, '2027-01-10 15:00', '2027-01-10 16:00', 'token');
  INSERT INTO bb_booking_resource VALUES (7, 102), (7, 101);`;
const ALLOCATION = `INSERT INTO bb_allocation (id, organization_id, season_id, from_, to_)
    VALUES (3, 1, 1, '2027-01-10 14:00', '2027-01-10 18:00');
  INSERT INTO bb_allocation_resource VALUES (3, 101);`;

let bench: PorticoBench;
beforeAll(async () => void (await sharedEngine()), 120_000);
beforeEach(() => {
  bench = openPorticoBench();
});

const run = async (sql: string) => void (await (await bench.engine()).db.exec(sql));
const rowsOf = async (sql: string) => (await (await bench.engine()).db.query(sql)).rows;

describe("reading", () => {
  test("events, bookings and allocations are one list, each with its kind, rooms and words", async () => {
    await run(ALLOCATION + BOOKING);
    const event = await bookPriya(bench);
    bench.statements();

    const { bookings, complete } = await bench.source.list(WINDOW);

    expect(bookings.find(({ id }) => id === "booking-7")?.within).toBe("allocation-3");
    const told = bookings.map(({ id, kind, resources, fields: { title, customer } }) => [
      id,
      kind,
      resources,
      title,
      customer,
    ]);
    expect([...told].sort()).toEqual([
      ["allocation-3", "allocation", ["101"], "Fløya IL", "Fløya IL"],
      ["booking-7", "booking", ["101", "102"], "Jenter 12", "Fløya IL"],
      [event, "event", ["101"], "Kurs", "Priya Raman"],
    ]);
    expect([complete, bench.statements().length]).toEqual([true, 1]);
  });

  test("any number of ids of any kind is one statement; names that no row can have are none", async () => {
    await run(ALLOCATION + BOOKING);
    bench.statements();

    const read = await bench.source.read(["booking-7", "allocation-3", "event-99", "999998"].map((id) => ({ id })));

    expect([...read].map(([id, booking]) => [id, booking?.kind])).toEqual([
      ["booking-7", "booking"],
      ["allocation-3", "allocation"],
      ["event-99", undefined],
      ["999998", undefined],
    ]);
    expect(bench.statements()).toHaveLength(1);
    await bench.source.read([{ id: "999998" }]);
    expect(bench.statements()).toEqual([]);
  });

  test("an event that is not public holds its room, and its words stay where they are", async () => {
    const id = await bookPriya(bench);
    await run("UPDATE bb_event SET is_public = 0, contact_email = 'priya@example.org'");

    const { bookings } = await bench.source.list(WINDOW);

    expect(bookings).toMatchObject([{ id, status: "live", resources: ["101"], span: NINE }]);
    expect(bookings[0]?.fields).toEqual({ id, kind: "event" });
  });

  test("only the named buildings are listed; what is read by its id may stand anywhere", async () => {
    const here = await bookPriya(bench);
    const there = await bench.outside.book({ room: "201", span: NINE, customer: "Tom Eccles" });
    const hall = openPorticoBenchBeside({ buildings: [2] });

    expect((await hall.source.list(WINDOW)).bookings.map(({ id }) => id)).toEqual([there]);
    expect((await readKnown(hall.source, here)).id).toBe(here);
  });

  test("S03: a list with more rows than are read is incomplete", async () => {
    await run(`INSERT INTO bb_allocation (organization_id, season_id, from_, to_)
      SELECT 1, 1, timestamp '2027-01-10 15:00', timestamp '2027-01-10 16:00' FROM generate_series(1, 20001)`);

    const { bookings, complete } = await bench.source.list(WINDOW);

    expect([bookings.length, complete]).toEqual([20_000, false]);
  });

  test("a row that cannot be read is unclear where it was last seen, and names its reason where nobody saw it", async () => {
    const id = await bookPriya(bench);
    await run("UPDATE bb_event SET to_ = from_");

    expect((await bench.source.read([{ id, around: NINE }])).get(id)).toMatchObject({ status: "unclear", span: NINE });
    await expect(bench.source.read([{ id }])).rejects.toThrow(`${id} cannot be kept in step: its end is not after`);
  });
});

describe("creating", () => {
  test("writes the event with its date, room, age group and audience, as Portico's own pages need it", async () => {
    bench.statements();

    const made = await bench.source.create(ORDER);

    const statements = bench.statements().length;
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
    await bench.source.create(ORDER);
    expect(bench.statements()).toHaveLength(3);
  });

  test("the key that made an event is told, in a list and by its id", async () => {
    const theirs = await bookPriya(bench, TEN);
    const { id } = await bench.source.create(ORDER);

    const keys = (await bench.source.list(WINDOW)).bookings.map((booking) => [booking.id, booking.madeWith]);

    expect(new Map(keys as [string, string][])).toEqual(
      new Map([
        [theirs, undefined],
        [id, "key-1"],
      ]),
    );
    expect((await readKnown(bench.source, id)).madeWith).toBe("key-1");
  });

  test("is private where the settings do not say otherwise, and then told without words", async () => {
    const shy = openPorticoBenchBeside({ create: { ageGroup: 1, audience: 1 } });

    const made = await shy.source.create(ORDER);

    expect(made).toMatchObject({ status: "live", span: NINE, fields: { id: made.id, kind: "event" } });
    expect(await rowsOf("SELECT name, is_public FROM bb_event")).toEqual([{ name: "Budsjettmøte", is_public: 0 }]);
  });

  test("S47: a booking takes its slot, in each of its rooms; an allocation around it does not", async () => {
    await run(ALLOCATION);
    expect(await bench.source.create(ORDER)).toMatchObject({ span: NINE });
    await run(BOOKING);

    expect(await codeOf(bench.source.create({ ...ORDER, key: "key-2", resource: "102" }))).toBe("SLOT_TAKEN");
    await run("UPDATE bb_booking SET active = 0");
    expect(await bench.source.create({ ...ORDER, key: "key-2", resource: "102" })).toMatchObject({
      resources: ["102"],
    });
  });

  test("what was made and cancelled since is told as it is; what was deleted since is not made again", async () => {
    const { id } = await bench.source.create(ORDER);
    await bench.outside.cancel(id);
    expect(await bench.source.create(ORDER)).toMatchObject({ id, status: "cancelled", madeWith: "key-1" });

    await run("DELETE FROM bb_event_date; DELETE FROM bb_event_agegroup; DELETE FROM bb_event_targetaudience");
    await bench.outside.erase(id);
    expect(await codeOf(bench.source.create(ORDER))).toBe("BOOKING_CHANGED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
  });

  test("what was made and cannot be read any more is told as unclear, under its id", async () => {
    const { id } = await bench.source.create(ORDER);
    await run("UPDATE bb_event SET to_ = from_");

    expect(await bench.source.create(ORDER)).toMatchObject({ id, status: "unclear", span: NINE });
  });

  test("texts longer than their columns are cut, never inside a character; an address that would be cut is left out", async () => {
    const fields = {
      ...{ title: `${"å".repeat(254)}😀😀`, customer: "n".repeat(200), notes: "a\u0000b" },
      email: `${"a".repeat(50)}@bergen.example`,
    };

    const made = await bench.source.create({ ...ORDER, fields });

    expect(made.fields).toEqual({
      ...{ id: made.id, kind: "event", title: `${"å".repeat(254)}😀`, customer: "n".repeat(150), notes: "ab" },
    });
  });

  test.each([
    ["bookings and allocations", { kind: "booking" }],
    ["fields of other names", { fields: { shoeSize: "42" } }],
  ] as const)("%s are refused", async (_, change) => {
    expect(await codeOf(bench.source.create({ ...ORDER, ...change }))).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
  });

  test("an age group that is not there is refused, and leaves nothing behind", async () => {
    const wrong = openPorticoBenchBeside({ create: { ageGroup: 9, audience: 1 } });

    expect(await codeOf(wrong.source.create(ORDER))).toBe("PROVIDER_REFUSED");
    expect(await rowsOf("SELECT id FROM bb_event")).toEqual([]);
    expect(await bench.source.create(ORDER)).toMatchObject({ status: "live" });
  });

  test("a room out of use is UNKNOWN_RESOURCE", async () => {
    await run("UPDATE bb_resource SET active = 0 WHERE id = 101");

    expect(await codeOf(bench.source.create(ORDER))).toBe("UNKNOWN_RESOURCE");
  });

  test("S15: looks for what is in the way only while it holds the room's lock", async () => {
    const engine = await bench.engine();
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

    await bench.source.create(ORDER);

    expect(locks).toEqual([{ classid: ROOM_LOCK, objid: 101, mode: "ExclusiveLock" }]);
    expect(await rowsOf("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
  });

  test("without the settings for it nothing is created, and our own table is not needed", async () => {
    await run("ALTER TABLE lockstep_import RENAME TO away");
    try {
      const reader = portico.connect(
        connectionTo(async () => (await bench.engine()).url, { url: "portico-url", tls: "off" }),
      );
      expect(reader.creates).toBe(false);
      expect((await reader.list(WINDOW)).complete).toBe(true);

      await expect(bench.source.list(WINDOW)).rejects.toThrow("run shared/providers/portico/lockstep-import.sql");
      expect(await codeOf(bench.source.create(ORDER))).toBe("PROVIDER_FORBIDDEN");
    } finally {
      await run("ALTER TABLE away RENAME TO lockstep_import");
    }
  });
});

describe("cancelling", () => {
  test("takes out of use and deletes nothing, whatever the kind, in one statement", async () => {
    await run(ALLOCATION + BOOKING);
    bench.statements();

    expect(await bench.source.cancel("booking-7")).toBe("cancelled");
    expect(await bench.source.cancel("allocation-3")).toBe("cancelled");
    expect(await bench.source.cancel("event-99")).toBe("already-cancelled");
    expect(bench.statements()).toHaveLength(3);
    expect(await rowsOf("SELECT active FROM bb_booking UNION ALL SELECT active FROM bb_allocation")).toEqual([
      { active: 0 },
      { active: 0 },
    ]);
  });
});

describe("what the database is told and tells", () => {
  test("the privileges of grants.sql suffice for everything, and keep identity numbers and tokens back", async () => {
    await run(`CREATE ROLE lockstep; ${readFileSync("shared/providers/portico/grants.sql", "utf8")}`);
    await run(ALLOCATION + BOOKING);
    await run("SET ROLE lockstep");
    const here = openPorticoBench({ buildings: [1] });
    // Opening a bench empties the tables as the owner; from here on every statement is the role's.
    await here.engine();
    await run("SET ROLE lockstep");

    const { id } = await here.source.create(ORDER);
    expect((await here.source.list(WINDOW)).bookings.map((booking) => booking.id)).toEqual([id]);
    expect(await readKnown(here.source, id)).toMatchObject({ madeWith: "key-1" });
    expect(await here.source.cancel(id)).toBe("cancelled");
    expect(await here.source.cancel("booking-7")).toBe("already-cancelled");
    expect(await here.source.cancel("allocation-3")).toBe("already-cancelled");
    for (const column of ["customer_ssn", "secret", "contact_phone"]) {
      await expect(rowsOf(`SELECT ${column} FROM bb_event`)).rejects.toThrow("permission denied");
    }
    await run("RESET ROLE; REVOKE SELECT ON bb_event FROM lockstep; SET ROLE lockstep");
    await expect(here.source.list(WINDOW)).rejects.toThrow("shared/providers/portico/grants.sql");
  });

  test("no statement names an identity number", async () => {
    bench.statements();
    await bench.source.create(ORDER);
    await bench.source.list(WINDOW);
    await bench.source.cancel("event-1");

    expect(bench.statements().filter((text) => /customer_|ssn/i.test(text))).toEqual([]);
  });

  test("errors carry PostgreSQL's code, never its words or our statement", async () => {
    await bench.outside.fail("forbidden", 1);

    const error = await bench.source.list(WINDOW).catch((thrown: unknown) => thrown);

    if (!(error instanceof LockstepError)) throw new Error("it was answered");
    expect([error.provider, error.cause]).toEqual(["42501", undefined]);
    expect(error.message).toMatch(/^Portico: listing failed \(42501\)\./);
  });
});

describe("the way there", () => {
  test("a real database needs the name of the secret with its URL", () => {
    expect(() => portico.connect(connectionTo(async () => "", {}))).toThrow("name of the secret");
  });

  test.each([
    "mysql://lockstep:hunter2@db.bergen.example/portico",
    "postgres://lockstep:hunter2@db.bergen.example",
    "postgres://lockstep:hunter2@db.bergen.example/portico?sslmode=disable",
    "postgres://lockstep:hunter2%@db.bergen.example/portico",
    "hunter2",
  ])("a URL that is none of a PostgreSQL database, or says more, is not shown: %s", async (url) => {
    const source = portico.connect(connectionTo(async () => url, { url: "portico-url" }));

    const error = await source.list(WINDOW).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(String(error)).not.toContain("hunter2");
  });

  test("PORTICO_DATABASE_URL wins over the secret", async () => {
    const { url } = await bench.engine();
    const connection = connectionTo(() => Promise.reject(new Error("not to be read")), {
      url: "portico-url",
      tls: "off",
    });

    expect(NOWHERE).toBe(portico.root.url);
    expect((await portico.connect({ ...connection, root: url }).list(WINDOW)).complete).toBe(true);
  });

  test("TLS is on unless it is turned off: a server without it is refused, and the remedy told", async () => {
    const source = portico.connect(connectionTo(async () => (await bench.engine()).url, { url: "portico-url" }));

    await expect(source.list(WINDOW)).rejects.toThrow("no TLS");
    expect(await codeOf(source.list(WINDOW))).toBe("PROVIDER_UNAVAILABLE");
  });

  test("nobody at the port is PROVIDER_UNAVAILABLE", async () => {
    const source = portico.connect(
      connectionTo(async () => "postgres://lockstep:x@127.0.0.1:1/portico", { url: "portico-url", tls: "off" }),
    );

    await expect(source.list(WINDOW)).rejects.toThrow("Portico: listing failed (ECONNREFUSED).");
  });

  test("after a refused password the secret is read again: a renewed one is taken up", async () => {
    const asked: string[] = [];
    const url = async () => {
      asked.push("read");
      return (await bench.engine()).url;
    };
    const source = portico.connect(connectionTo(url, { url: "portico-url", tls: "off" }));
    await source.list(WINDOW);
    await bench.outside.fail("unauthorized", 1);

    expect(await codeOf(source.list(WINDOW))).toBe("PROVIDER_UNAUTHORIZED");
    expect((await source.list(WINDOW)).complete).toBe(true);
    expect(asked).toHaveLength(2);
  });
});

/** Another account on the same tables, which stay as they are. */
function openPorticoBenchBeside(settings: object): { readonly source: PorticoBench["source"] } {
  const all = { url: "portico-url", tls: "off", create: { ageGroup: 1, audience: 1, public: true }, ...settings };
  const source = portico.connect(connectionTo(async () => (await bench.engine()).url, all));
  if (source.moves !== "update" || !source.cancels || !source.creates) throw new Error("it creates");
  return { source };
}
