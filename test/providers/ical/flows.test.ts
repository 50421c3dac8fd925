import { describe, expect, test } from "vitest";
import { COTTAGE, type Lets, MILL, openLets } from "./cottage.ts";

const AIRBNB = "cottage-airbnb";
const VRBO = "cottage-vrbo";
const ANN = { feed: AIRBNB, start: "2027-05-07", end: "2027-05-09", code: "HMANN00001", phone: "4235" };
const ANNS = "Airbnb stay 2027-05-07 2027-05-09";

/** So many stays of Airbnb, one after the other, from the middle of May. */
async function fill({ host }: Lets, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let stay = 0; stay < count; stay++) {
    const day = (offset: number) => new Date(Date.UTC(2027, 4, 15 + stay * 3 + offset)).toISOString().slice(0, 10);
    const code = `HMFILL${String(stay).padStart(4, "0")}`;
    ids.push(await host("book", { feed: AIRBNB, start: day(0), end: day(2), code }));
  }
  return ids;
}

describe("a home's stays on its calendar", () => {
  test("a stay appears as whole days, moves with its guest's dates, and goes once three readings lacked it", async () => {
    const lets = await openLets();
    const id = await lets.host("book", ANN);
    await lets.look();
    expect(await lets.shown()).toEqual([ANNS]);

    await lets.host("move", { feed: AIRBNB, id, start: "2027-05-08", end: "2027-05-11" });
    await lets.look();
    expect(await lets.shown()).toEqual(["Airbnb stay 2027-05-08 2027-05-11"]);

    await lets.host("cancel", { feed: AIRBNB, id });
    for (const left of [1, 1, 0]) {
      await lets.look();
      expect(await lets.shown()).toHaveLength(left);
    }
  });

  test("one that a host says is cancelled goes at once, and comes back when it is taken back", async () => {
    const lets = await openLets({ hosts: { [AIRBNB]: { cancelled: "stays" } } });
    const id = await lets.host("book", ANN);
    await lets.look();

    await lets.host("cancel", { feed: AIRBNB, id });
    await lets.look();
    expect(await lets.shown()).toEqual([]);
    await lets.host("enable", { feed: AIRBNB, id });
    await lets.look();
    expect(await lets.shown()).toEqual([ANNS]);
  });

  test("S16: a UID that is re-issued with new dates moves the event that is there", async () => {
    const lets = await openLets({ hosts: { [AIRBNB]: { uids: "dates" } } });
    const id = await lets.host("book", ANN);
    await lets.look();
    const [before] = await lets.events(COTTAGE);

    await lets.host("move", { feed: AIRBNB, id, start: "2027-06-08", end: "2027-06-11" });
    await lets.look();

    const [after, ...others] = await lets.events(COTTAGE);
    expect([after?.id, others]).toEqual([before?.id, []]);
    expect(await lets.shown()).toEqual(["Airbnb stay 2027-06-08 2027-06-11"]);
  });

  test("S17: UIDs that are new at every fetch write nothing, and an alert says so", async () => {
    const lets = await openLets({ hosts: { [VRBO]: { uids: "fetch" } } });
    for (const [start, end] of [
      ["2027-05-07", "2027-05-09"],
      ["2027-05-09", "2027-05-12"],
      ["2027-06-01", "2027-06-03"],
    ]) {
      await lets.host("book", { feed: VRBO, start, end, guest: "" });
    }
    await lets.look();
    const before = await lets.events(COTTAGE);

    for (let polls = 0; polls < 4; polls++) await lets.look();

    expect(before).toHaveLength(3);
    expect((await lets.events(COTTAGE)).map(({ id, etag }) => [id, etag])).toEqual(
      before.map(({ id, etag }) => [id, etag]),
    );
    expect(await lets.alerts()).toEqual([`unstable-ids~feeds/${VRBO}`]);
  });

  test("S09: a stay that is over leaves its feed, and its event stays", async () => {
    const lets = await openLets();
    await lets.host("book", { ...ANN, start: "2027-04-29", end: "2027-05-02" });
    await lets.look();
    const before = await lets.shown();

    for (let days = 0; days < 3; days++) await lets.look(24 * 60);
    for (let polls = 0; polls < 4; polls++) await lets.look();

    expect(await lets.shown()).toEqual(before);
  });

  test("a stay under way that its host cuts off and renames each day is left as it was", async () => {
    const lets = await openLets({ hosts: { "cottage-booking": { uids: "daily" } } });
    await lets.host("book", { feed: "cottage-booking", start: "2027-05-02", end: "2027-05-09" });
    await lets.look();
    const [before] = await lets.events(COTTAGE);

    for (let days = 0; days < 5; days++) await lets.look(24 * 60);

    expect(await lets.shown()).toEqual(["Booking.com: booked or closed 2027-05-02 2027-05-09"]);
    expect((await lets.events(COTTAGE))[0]).toMatchObject({ id: before?.id, etag: before?.etag });
  });

  test("S19: what other hosts block because of a stay is not shown beside it", async () => {
    const lets = await openLets({
      hosts: { [VRBO]: { imports: [AIRBNB] }, "cottage-booking": { imports: [AIRBNB, VRBO] } },
    });
    await lets.host("book", ANN);
    await lets.host("book", { feed: VRBO, start: "2027-05-09", end: "2027-05-12", guest: "Bo Berg" });
    await lets.look();

    expect(await lets.shown()).toEqual([ANNS, "Vrbo stay Bo Berg 2027-05-09 2027-05-12"]);
  });

  test("S20: the same nights in two homes stay apart", async () => {
    const lets = await openLets();
    await lets.host("book", ANN);
    const other = await lets.host("book", { ...ANN, feed: "mill-airbnb", code: "HMBEN00001" });
    await lets.look();

    await lets.host("move", { feed: "mill-airbnb", id: other, start: "2027-05-08", end: "2027-05-10" });
    await lets.look();

    expect([await lets.shown(COTTAGE), await lets.shown(MILL)]).toEqual([
      [ANNS],
      ["Airbnb stay 2027-05-08 2027-05-10"],
    ]);
  });

  test("S53: blocks by rule slide every day and are never written; one that the host made is, and is nobody's stay", async () => {
    const lets = await openLets({ hosts: { [AIRBNB]: { windowDays: 240, noticeDays: 2 } } });
    await lets.host("block", { feed: AIRBNB, start: "2027-07-01", end: "2027-07-09" });
    await lets.look();
    lets.providerCalls();

    for (let days = 0; days < 6; days++) await lets.look(24 * 60);

    expect(await lets.shown()).toEqual(["Blocked at Airbnb 2027-07-01 2027-07-09"]);
    expect(lets.providerCalls().filter((call) => /^(POST|PATCH|PUT|DELETE) \/google/.test(call))).toEqual([]);
    expect(await lets.reviews()).toEqual([]);
  });

  test("S53: a block that slides has one event that follows it", async () => {
    const lets = await openLets({ hosts: { [AIRBNB]: { uids: "dates" } } });
    const id = await lets.host("block", { feed: AIRBNB, start: "2027-07-01", end: "2027-07-09" });
    await lets.look();
    const [before] = await lets.events(COTTAGE);

    await lets.host("move", { feed: AIRBNB, id, start: "2027-07-02", end: "2027-07-10" });
    await lets.look();

    const [after, ...others] = await lets.events(COTTAGE);
    expect([after?.id, others, await lets.reviews()]).toEqual([before?.id, [], []]);
  });
});

describe("feeds that are not what they should be", () => {
  const failing = (lets: Lets, kinds: string[], times: number, path = `/ical/${AIRBNB}.ics`) =>
    lets.sandbox.fetch("http://sandbox/sandbox/faults", {
      method: "POST",
      body: JSON.stringify({ rules: [{ api: "ical", path, kinds, times }] }),
    });

  test("S02: an empty calendar where forty stays were cancels none for hours, and an alert says so", async () => {
    const lets = await openLets();
    await fill(lets, 40);
    await lets.host("book", { ...ANN, feed: "mill-airbnb" });
    await lets.look();
    expect(await lets.shown()).toHaveLength(40);

    await failing(lets, ["empty"], 20);
    for (let polls = 0; polls < 20; polls++) await lets.look();
    expect(await lets.shown()).toHaveLength(40);
    expect(await lets.alerts()).toEqual([`feed-suspicious~feeds/${AIRBNB}`]);

    await lets.look();
    expect([(await lets.shown()).length, await lets.alerts()]).toEqual([40, []]);
  });

  test("S02: where it stays empty, a person is asked before the stays go", async () => {
    const lets = await openLets();
    await fill(lets, 8);
    await lets.look();

    await failing(lets, ["empty"], 1_000);
    for (let polls = 0; polls < 18; polls++) await lets.look(60);

    expect((await lets.shown()).length).toBeGreaterThan(2);
    expect((await lets.holds()).filter(({ status }) => status === "open")).toHaveLength(1);
  });

  test.each([
    ["a web page", "html"],
    ["half a file", "half-file"],
    ["an error", "status=503"],
    ["half of the stays", "truncate"],
  ])("S03: %s cancels nothing, however often", async (_, kind) => {
    const lets = await openLets();
    await fill(lets, 6);
    await lets.look();

    await failing(lets, [kind], 60);
    for (let polls = 0; polls < 15; polls++) await lets.look();

    expect(await lets.shown()).toHaveLength(6);
    expect(await lets.alerts()).toHaveLength(1);
  });

  test("one feed that fails keeps nobody from being missed in another", async () => {
    const lets = await openLets();
    const id = await lets.host("book", { feed: VRBO, start: "2027-05-12", end: "2027-05-14", guest: "Bo Berg" });
    await lets.host("book", ANN);
    await lets.look();

    await failing(lets, ["status=500"], 1_000);
    await lets.host("cancel", { feed: VRBO, id });
    for (let polls = 0; polls < 3; polls++) await lets.look();

    expect(await lets.shown()).toEqual([ANNS]);
    expect(await lets.alerts()).toEqual([`feed-unreadable~feeds/${AIRBNB}`]);
  });

  test("an event that cannot be read is set aside alone, and its feed goes on", async () => {
    const lets = await openLets();
    await failing(lets, ["bad-row"], 3);
    await lets.host("book", ANN);
    await lets.look();

    expect(await lets.shown()).toEqual([ANNS]);
    expect((await lets.reviews()).map(({ kind, detail }) => [kind, detail])).toEqual([
      ["quarantined", expect.stringContaining("Nowhere/Land")],
    ]);
  });

  test("hosts are asked once in ten minutes, and only for what is new; nothing new costs no write", async () => {
    const lets = await openLets();
    await lets.host("book", ANN);
    await lets.look();
    await lets.look();
    lets.feedCalls();
    lets.counts.writes = 0;

    for (let polls = 0; polls < 5; polls++) await lets.look(2);

    expect(lets.feedCalls()).toBe(4);
    expect(lets.counts.writes, "but for the heartbeat").toBeLessThanOrEqual(1);
  });
});
