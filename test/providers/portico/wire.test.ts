import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LockstepError } from "../../../shared/errors.ts";
import { NOWHERE } from "../../../shared/providers/portico/client.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import { connectionTo, openPorticoBench } from "../../contract/portico-bench.ts";
import { bookPriya, NINE, readKnown, WINDOW } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { testCreating } from "./creating.ts";
import { WITH_CHECKS, WITHOUT_CHECKS } from "./engine.ts";
import { testEnabling, testMoving } from "./moving.ts";
import { ALLOCATION, BOOKING, ORDER, openTownHall, placing } from "./town-hall.ts";

const hall = openTownHall();
const { bench, run, rowsOf, beside } = hall;

describe("reading", () => {
  test("events, bookings and allocations are one list, each with its kind, rooms and words", async () => {
    await run(ALLOCATION + BOOKING);
    const event = await bookPriya(bench());
    bench().statements();

    const { bookings, complete } = await bench().source.list(WINDOW);

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
    expect([complete, bench().statements().length]).toEqual([true, 1]);
  });

  test("any number of ids of any kind is one statement; names that no row can have are none", async () => {
    await run(ALLOCATION + BOOKING);
    bench().statements();

    const read = await bench().source.read(["booking-7", "allocation-3", "event-99", "999998"].map((id) => ({ id })));

    expect([...read].map(([id, booking]) => [id, booking?.kind])).toEqual([
      ["booking-7", "booking"],
      ["allocation-3", "allocation"],
      ["event-99", undefined],
      ["999998", undefined],
    ]);
    expect(bench().statements()).toHaveLength(1);
    await bench().source.read([{ id: "999998" }]);
    expect(bench().statements()).toEqual([]);
  });

  test("an event that is not public holds its room, and its words stay where they are", async () => {
    const id = await bookPriya(bench());
    await run("UPDATE bb_event SET is_public = 0, contact_email = 'priya@example.org'");

    const { bookings } = await bench().source.list(WINDOW);

    expect(bookings).toMatchObject([{ id, status: "live", resources: ["101"], span: NINE }]);
    expect(bookings[0]?.fields).toEqual({ id, kind: "event" });
  });

  test("only the named buildings are listed; what is read by its id may stand anywhere", async () => {
    const here = await bookPriya(bench());
    const there = await bench().outside.book({ room: "201", span: NINE, customer: "Tom Eccles" });
    const hallOnly = beside({ buildings: [2] });

    expect((await hallOnly.list(WINDOW)).bookings.map(({ id }) => id)).toEqual([there]);
    expect((await readKnown(hallOnly, here)).id).toBe(here);
  });

  test("S03: a list with more rows than are read is incomplete", async () => {
    await run(`${WITHOUT_CHECKS} INSERT INTO bb_allocation (organization_id, season_id, from_, to_)
      SELECT 1, 1, timestamp '2027-01-10 15:00', timestamp '2027-01-10 16:00' FROM generate_series(1, 20001);
      ${WITH_CHECKS}`);

    const { bookings, complete } = await bench().source.list(WINDOW);

    expect([bookings.length, complete]).toEqual([20_000, false]);
  });

  test("a row that cannot be read is unclear where it was last seen, and names its reason where nobody saw it", async () => {
    const id = await bookPriya(bench());
    await run("UPDATE bb_event SET to_ = from_");

    expect((await bench().source.read([{ id, around: NINE }])).get(id)).toMatchObject({
      status: "unclear",
      span: NINE,
    });
    await expect(bench().source.read([{ id }])).rejects.toThrow(`${id} cannot be kept in step: its end is not after`);
  });
});

describe("creating", () => testCreating(hall));
describe("moving", () => testMoving(hall));
describe("taking a cancellation back", () => testEnabling(hall));

describe("cancelling", () => {
  test("takes out of use and deletes nothing, whatever the kind, in one statement", async () => {
    await run(ALLOCATION + BOOKING);
    bench().statements();

    expect(await bench().source.cancel("booking-7")).toBe("cancelled");
    expect(await bench().source.cancel("allocation-3")).toBe("cancelled");
    expect(await bench().source.cancel("event-99")).toBe("already-cancelled");
    expect(bench().statements()).toHaveLength(3);
    expect(await rowsOf("SELECT active FROM bb_booking UNION ALL SELECT active FROM bb_allocation")).toEqual([
      { active: 0 },
      { active: 0 },
    ]);
  });
});

describe("what the database is told and tells", () => {
  test("the privileges of grants.sql suffice for everything, and keep identity numbers and tokens back", async () => {
    await run(`CREATE ROLE lockstep; ${readFileSync("shared/providers/portico/grants.sql", "utf8")}`);
    const here = openPorticoBench({ buildings: [1] });
    // Opening a bench empties the tables as the owner; from here on every statement is the role's.
    await here.engine();
    await run(
      placing({ kind: "allocation", id: 3, hours: [9, 12] }) + placing({ kind: "booking", id: 7, hours: [17, 18] }),
    );
    await run("SET ROLE lockstep");

    const { id } = await here.source.create(ORDER);
    const listed = (await here.source.list(WINDOW)).bookings.map((booking) => booking.id);
    expect(listed.sort()).toEqual(["allocation-3", "booking-7", id]);
    expect(await readKnown(here.source, id)).toMatchObject({ madeWith: "key-1" });
    for (const each of listed) {
      const as = await readKnown(here.source, each);
      const words = each === id ? { fields: { notes: "Flyttet" } } : {};
      const change = { id: each, as, span: as.span, resource: "102", ...words };
      expect(await here.source.update(change)).toMatchObject({ resources: ["102"] });
      expect(await here.source.cancel(each)).toBe("cancelled");
      expect(await here.source.enable(each)).toMatchObject({ status: "live" });
    }
    for (const column of ["customer_ssn", "secret", "contact_phone"]) {
      await expect(rowsOf(`SELECT ${column} FROM bb_event`)).rejects.toThrow("permission denied");
    }
    await run("RESET ROLE; REVOKE SELECT ON bb_event FROM lockstep; SET ROLE lockstep");
    await expect(here.source.list(WINDOW)).rejects.toThrow("shared/providers/portico/grants.sql");
  });

  test("no statement names an identity number", async () => {
    bench().statements();
    await bench().source.create(ORDER);
    await bench().source.list(WINDOW);
    await bench().source.cancel("event-1");

    expect(
      bench()
        .statements()
        .filter((text) => /customer_|ssn/i.test(text)),
    ).toEqual([]);
  });

  test("errors carry PostgreSQL's code, never its words or our statement", async () => {
    await bench().outside.fail("forbidden", 1);

    const error = await bench()
      .source.list(WINDOW)
      .catch((thrown: unknown) => thrown);

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
    const { url } = await bench().engine();
    const connection = connectionTo(() => Promise.reject(new Error("not to be read")), {
      url: "portico-url",
      tls: "off",
    });

    expect(NOWHERE).toBe(portico.root.url);
    expect((await portico.connect({ ...connection, root: url }).list(WINDOW)).complete).toBe(true);
  });

  test("TLS is on unless it is turned off: a server without it is refused, and the remedy told", async () => {
    const source = portico.connect(connectionTo(async () => (await bench().engine()).url, { url: "portico-url" }));

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
      return (await bench().engine()).url;
    };
    const source = portico.connect(connectionTo(url, { url: "portico-url", tls: "off" }));
    await source.list(WINDOW);
    await bench().outside.fail("unauthorized", 1);

    expect(await codeOf(source.list(WINDOW))).toBe("PROVIDER_UNAUTHORIZED");
    expect((await source.list(WINDOW)).complete).toBe(true);
    expect(asked).toHaveLength(2);
  });
});
