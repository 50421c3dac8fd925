import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { portico } from "../../../shared/providers/portico/index.ts";
import { ROOM_LOCK } from "../../../shared/providers/portico/rooms.ts";
import { connectionTo, porticoSource } from "../../contract/portico-bench.ts";
import { NINE, readKnown, WINDOW } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { findServer, PASSWORD, type RealServer, startServer } from "./real-server.ts";
import { placing } from "./town-hall.ts";

const bin = findServer();
const ORDER = { kind: "event", resource: "101", span: NINE, fields: { title: "Budsjettmøte" } } as const;

/** What one session in one process cannot show: two at once, passwords, TLS, a server that gives up. */
describe.skipIf(bin === undefined)("on a PostgreSQL server (Debian: apt-get install postgresql)", () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startServer(bin ?? "");
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => void (await server.sql("TRUNCATE bb_event, lockstep_import CASCADE")));

  /** Another instance, with connections of its own. */
  const open = (settings: object = {}, password = PASSWORD, host = "127.0.0.1") => {
    const url = `postgres://owner:${encodeURIComponent(password)}@${host}:${server.port}/postgres`;
    const all = { url: "portico-url", tls: "off", create: { ageGroup: 1, audience: 1 }, ...settings };
    const source = portico.connect(connectionTo(async () => url, all));
    return porticoSource(source);
  };

  test("S15: of many who want one slot at the same moment one gets it, in every round", async () => {
    const instances = [open(), open(), open()];
    for (let round = 0; round < 10; round += 1) {
      await server.sql("TRUNCATE bb_event, lockstep_import CASCADE");

      const outcomes = await Promise.all(
        instances.flatMap((instance, at) => [
          codeOf(instance.create({ ...ORDER, key: `a-${at}` })),
          codeOf(instance.create({ ...ORDER, key: `b-${at}` })),
        ]),
      );

      expect(outcomes.sort()).toEqual([...Array(5).fill("SLOT_TAKEN"), "answered"]);
      expect(await server.sql("SELECT count(*)::int AS made FROM bb_event")).toEqual([{ made: 1 }]);
    }
  });

  test("S15: one order delivered to several instances at once is one event", async () => {
    const instances = [open(), open(), open()];

    const made = await Promise.all(instances.map((instance) => instance.create({ ...ORDER, key: "key-1" })));

    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await server.sql("SELECT count(*)::int AS made FROM bb_event")).toEqual([{ made: 1 }]);
  });

  test("S15: one key wanted in two rooms at once is one event: the later one is told of it", async () => {
    const [one, other] = [open(), open()];
    for (let round = 0; round < 10; round += 1) {
      const key = `key-${round}`;
      await server.sql("UPDATE bb_event SET active = 0");

      const made = await Promise.all([one.create({ ...ORDER, key }), other.create({ ...ORDER, key, resource: "102" })]);

      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    }
    expect(await server.sql("SELECT count(*)::int AS made FROM bb_event")).toEqual([{ made: 10 }]);
  });

  test("orders of two rooms do not wait for each other; one that waits too long is given up, and leaves nothing", async () => {
    await server.sql(`SELECT pg_advisory_lock(${ROOM_LOCK}, 101)`);
    const source = open({ timeoutSeconds: 0.5 });

    expect(await source.create({ ...ORDER, key: "key-2", resource: "102" })).toMatchObject({ status: "live" });
    expect(await codeOf(source.create({ ...ORDER, key: "key-1" }))).toBe("PROVIDER_UNAVAILABLE");
    expect(await server.sql("SELECT key FROM lockstep_import")).toEqual([{ key: "key-2" }]);

    await server.sql(`SELECT pg_advisory_unlock(${ROOM_LOCK}, 101)`);
    expect(await source.create({ ...ORDER, key: "key-1" })).toMatchObject({ status: "live" });
  });

  describe("moving", () => {
    /** An event in each of these rooms, one hour after the other from nine on, as it is read. */
    const place = async (rooms: readonly number[]) => {
      await server.sql("TRUNCATE bb_event CASCADE");
      const items = rooms.map(
        (room, at) => ({ kind: "event", id: at + 1, hours: [at + 9, at + 10], rooms: [room] }) as const,
      );
      await server.sql(items.map(placing).join(""));
      return Promise.all(items.map(({ id }) => readKnown(open(), `event-${id}`)));
    };

    test("S15: of two moved into one slot at the same moment one gets it, the other is told that it is taken", async () => {
      const instances = [open(), open()];
      for (let round = 0; round < 10; round += 1) {
        const read = await place([101, 101]);

        const outcomes = await Promise.all(
          read.map((as, at) => codeOf((instances[at] ?? open()).update({ id: as.id, as, span: NINE }))),
        );

        expect(outcomes.sort()).toEqual(["SLOT_TAKEN", "answered"]);
        expect(await server.sql("SELECT id FROM bb_event WHERE from_ = '2027-01-10 15:00'")).toHaveLength(1);
      }
    });

    test("S15: of a move and an order for one slot at the same moment one gets it", async () => {
      const [one, other] = [open(), open()];
      for (let round = 0; round < 10; round += 1) {
        const [as] = await place([101]);
        if (as === undefined) throw new Error("it was placed");

        const outcomes = await Promise.all([
          codeOf(one.update({ id: as.id, as, span: NINE })),
          codeOf(other.create({ ...ORDER, key: `key-${round}` })),
        ]);

        expect(outcomes.sort()).toEqual(["SLOT_TAKEN", "answered"]);
      }
    });

    test("two that change rooms with each other at the same moment both do, since either locks the lower room first", async () => {
      const read = await place([101, 102]);
      const swap = () => read.map((as, at) => open().update({ id: as.id, as, resource: at === 0 ? "102" : "101" }));
      await server.sql(`SELECT pg_advisory_lock(${ROOM_LOCK}, 101)`);

      const moving = swap();
      await untilWaiting(2);
      const held = await server.sql("SELECT objid::int AS room FROM pg_locks WHERE locktype = 'advisory' AND granted");
      await server.sql(`SELECT pg_advisory_unlock(${ROOM_LOCK}, 101)`);

      expect(held).toEqual([{ room: 101 }]);
      expect((await Promise.all(moving)).map(({ resources }) => resources)).toEqual([["102"], ["101"]]);
    });

    test("S49: what Portico's own people change at the same moment is kept: the move waits for it, and rests on it", async () => {
      const changes = [
        "UPDATE bb_event SET from_ = '2027-01-10 12:00', to_ = '2027-01-10 13:00'",
        "UPDATE bb_event_resource SET resource_id = 201",
        "INSERT INTO bb_event_resource VALUES (1, 102)",
        "DELETE FROM bb_event_resource",
      ];
      for (const change of changes) {
        const [as] = await place([101]);
        if (as === undefined) throw new Error("it was placed");
        await server.sql(`BEGIN; ${change}`);

        const moving = codeOf(open().update({ id: as.id, as, span: NINE }));
        await untilWaiting(1);
        await server.sql("COMMIT");

        expect([change, await moving]).toEqual([change, "BOOKING_CHANGED"]);
        expect(await server.sql("SELECT id FROM bb_event WHERE from_ = '2027-01-10 15:00'")).toEqual([]);
      }
    });

    test("S15: whose room changes while it waits for the lock of the old one takes the new one's before it looks", async () => {
      await place([101]);
      await server.sql("UPDATE bb_event SET active = 0");
      await server.sql(`SELECT pg_advisory_lock(${ROOM_LOCK}, 101)`);

      const enabling = codeOf(open().enable("event-1"));
      await untilWaiting(1);
      await server.sql("UPDATE bb_event_resource SET resource_id = 102");
      await server.sql(`SELECT pg_advisory_lock(${ROOM_LOCK}, 102), pg_advisory_unlock(${ROOM_LOCK}, 101)`);
      await Promise.race([untilWaiting(1), enabling]);
      await server.sql(placing({ kind: "event", id: 2, hours: [9, 10], rooms: [102] }));
      await server.sql(`SELECT pg_advisory_unlock(${ROOM_LOCK}, 102)`);

      expect(await enabling).toBe("SLOT_TAKEN");
    });

    /** Until so many wait for a lock. */
    async function untilWaiting(sessions: number): Promise<void> {
      for (let looks = 0; looks < 200; looks += 1) {
        if ((await server.sql("SELECT FROM pg_locks WHERE NOT granted")).length >= sessions) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error("nobody waits for a lock");
    }
  });

  test("a wrong password is PROVIDER_UNAUTHORIZED", async () => {
    expect(await codeOf(open({}, "another").list(WINDOW))).toBe("PROVIDER_UNAUTHORIZED");
  });

  test("connections that the server ended are opened again", async () => {
    const source = open();
    await source.list(WINDOW);
    await server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lockstep'");

    expect((await source.list(WINDOW)).complete).toBe(true);
  });

  test("TLS is on, and a certificate that nobody vouches for is refused", async () => {
    const source = open({ tls: "verify" }, PASSWORD, "localhost");

    await expect(source.list(WINDOW)).rejects.toThrow("DEPTH_ZERO_SELF_SIGNED_CERT");

    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, server.certificate]);
    try {
      expect((await open({ tls: "verify" }, PASSWORD, "localhost").list(WINDOW)).complete).toBe(true);
      const lines = await server.sql(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'lockstep' AND ssl",
      );
      expect(lines.length).toBeGreaterThan(0);
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});
