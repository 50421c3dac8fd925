import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LockstepError } from "../../shared/errors.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { type Camp, openCamp } from "./camp-bench.ts";

let camp: Camp;
let reader: string;
let operator: string;
beforeEach(async () => {
  camp = await openCamp();
  reader = await camp.key(["read"]);
  operator = await camp.key(["operate"]);
});
afterEach(() => camp.close());

const ids = (body: { items: { bookingId: string }[] }) => body.items.map(({ bookingId }) => bookingId);

describe("GET /api/bookings", () => {
  test("refreshes from OSM first, then answers what is kept, each with its name, dates, status and time", async () => {
    const id = await camp.book({ status: "provisional" });

    const { status, body } = await camp.get("bookings", reader);

    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          ...{ key: `osm:${id}`, source: "osm", bookingId: id, customerName: "1st Anytown", customerEmail: null },
          ...{ startDate: "2027-02-05", endDate: "2027-02-07", status: "provisional" },
          lastFetched: "2027-01-10T08:00:00.000Z",
        },
      ],
      next: null,
      warnings: [],
    });
    expect(camp.osmCalls()).toEqual({ token: 1, list: 4 });
  });

  test("does not ask again within half a minute and says so; then it does, and tells when it was fetched", async () => {
    await camp.book();
    await camp.get("bookings", reader);
    await camp.book({ group: "3rd Riverside" });
    camp.clock.advance(10_000);
    camp.osmCalls();

    const fresh = await camp.get("bookings", reader);
    const asked = camp.osmCalls();
    camp.clock.advance(25_000);
    const later = await camp.get("bookings", reader);

    expect(asked).toEqual({});
    expect(fresh.body.warnings).toEqual(["osm was asked 10 s ago and is not asked again before 30 s."]);
    expect(ids(fresh.body)).toHaveLength(1);
    expect(ids(later.body)).toHaveLength(2);
    expect(later.body.items[0].lastFetched).toBe("2027-01-10T08:00:35.000Z");
  });

  test("comes in pages and by status; a further page does not ask OSM", async () => {
    for (const group of ["A", "B", "C"]) await camp.book({ group });
    await camp.book({ group: "D", status: "cancelled" });

    const first = await camp.get("bookings?limit=3", reader);
    camp.clock.advance(60_000);
    camp.osmCalls();
    const second = await camp.get(`bookings?limit=3&after=${encodeURIComponent(first.body.next)}`, reader);
    const cancelled = await camp.get("bookings?status=Cancelled", reader);

    expect([ids(first.body).length, ids(second.body).length, second.body.next]).toEqual([3, 1, null]);
    expect(second.body.warnings).toEqual([]);
    expect(cancelled.body.items.map(({ customerName }: { customerName: string }) => customerName)).toEqual(["D"]);
  });

  test("S01: with OSM unreachable it is an empty list with a warning, or what was known before", async () => {
    await camp.fail({ kinds: ["status=503"] });
    const empty = await camp.get("bookings", reader);
    await camp.mend();
    const id = await camp.book();
    await camp.get("bookings", reader);
    camp.clock.advance(60_000);
    await camp.fail({ kinds: ["timeout-before"] });

    const known = await camp.get("bookings", reader);

    expect([empty.status, empty.body.items]).toEqual([200, []]);
    expect(empty.body.warnings).toEqual(["osm cannot be reached (503); what was known before is shown."]);
    expect([known.status, ids(known.body)]).toEqual([200, [id]]);
    expect(known.body.warnings[0]).toContain("osm cannot be reached");
  });

  test("one status that fails leaves the others, and is told", async () => {
    const id = await camp.book({ status: "provisional" });
    await camp.book({ group: "3rd Riverside" });
    await camp.fail({ path: "/bookings", kinds: ["status=500"], times: 1 });

    const { body } = await camp.get("bookings", reader);

    expect(ids(body)).not.toContain(id);
    expect(ids(body)).toHaveLength(1);
    expect(body.warnings).toEqual(["OSM did not list the provisional bookings (500)."]);
  });

  test("an upsert that fails does not fail the read", async () => {
    const id = await camp.book();
    await camp.get("bookings", reader);
    await camp.warden("edit", { id, participants: 40, group: "1st Anytown Scouts" });
    camp.clock.advance(60_000);
    camp.failCommits(new LockstepError("STORE_UNAVAILABLE", { detail: "down" }));

    const { status, body } = await camp.get("bookings", reader);

    expect([status, ids(body)]).toEqual([200, [id]]);
    expect(body.warnings[0]).toContain("could not be kept (STORE_UNAVAILABLE)");
  });

  test("S46: a token that OSM refuses is 401 OSM_TOKEN_EXPIRED, another than our own 401", async () => {
    await camp.fail({ path: "/oauth/token", kinds: ["invalid-grant"] });

    const osm = await camp.get("bookings", reader);
    const sync = await camp.post("bookings/sync", operator);
    const ours = await camp.get("bookings", "lsk_camp_0000000000000000_wrong");

    expect([osm.status, osm.body.code]).toEqual([401, "OSM_TOKEN_EXPIRED"]);
    expect([sync.status, sync.body.code]).toEqual([401, "OSM_TOKEN_EXPIRED"]);
    expect([ours.status, ours.body.code]).toEqual([401, "UNAUTHENTICATED"]);
  });
});

describe("POST /api/bookings/sync", () => {
  test("answers what was added, what changed and how many there are", async () => {
    const id = await camp.book();
    await camp.book({ group: "3rd Riverside", status: "provisional" });
    const first = await camp.post("bookings/sync", operator);
    await camp.warden("confirm", { id });
    await camp.warden("edit", { id, end: "2027-02-08" });
    await camp.book({ group: "Hill District" });

    const second = await camp.post("bookings/sync", operator);

    expect([first.status, first.body]).toEqual([
      200,
      { added: 2, updated: 0, total: 2, linked: 0, skipped: [], warnings: [] },
    ]);
    expect(second.body).toMatchObject({ added: 1, updated: 1, total: 3 });
  });

  test("says what it left out and why, and which status failed", async () => {
    await camp.book();
    await camp.fail({ path: "/bookings", kinds: ["bad-row"], times: 1 });
    await camp.fail({ path: "/bookings", kinds: ["status=500"], skip: 1, times: 9 });

    const { status, body } = await camp.post("bookings/sync", operator);

    expect(status).toBe(200);
    expect(body.skipped).toEqual(["Booking 999999 is left out: its start_date cannot be read."]);
    expect(body.warnings).toEqual([
      "OSM did not list the current bookings (500).",
      "OSM did not list the future bookings (500).",
      "OSM did not list the cancelled bookings (500).",
    ]);
  });

  test("with OSM unreachable it is 502 with a message, and nothing is forgotten", async () => {
    const id = await camp.book();
    await camp.post("bookings/sync", operator);
    await camp.fail({ kinds: ["status=503"] });

    const { status, body } = await camp.post("bookings/sync", operator);

    expect([status, body.code]).toEqual([502, "PROVIDER_UNAVAILABLE"]);
    expect(body.detail).toContain("osm cannot be reached");
    camp.clock.advance(60_000);
    expect(ids((await camp.get("bookings", reader)).body)).toEqual([id]);
  });

  test("a booking that leaves every list keeps its card, and coming back is told as such", async () => {
    const id = await camp.book();
    await camp.post("bookings/sync", operator);
    await camp.warden("remove", { id });

    const gone = await camp.post("bookings/sync", operator);

    expect(gone.body).toMatchObject({ added: 0, updated: 0, total: 0 });
    expect(ids((await camp.get("bookings", reader)).body)).toEqual([id]);
  });

  test("a thousand bookings: four calls, three commits; again four calls, four reads and no write but of who asked", async () => {
    for (let n = 0; n < 1_000; n++) {
      await camp.book({ group: `Group ${n}`, items: [], start: "2027-06-04", end: "2027-06-06" });
    }
    await camp.post("bookings/sync", operator);
    const warm = camp.osmCalls();
    const first = { ...camp.counts };
    camp.clock.advance(60_000);
    Object.assign(camp.counts, { reads: 0, writes: 0, commits: 0 });

    const again = await camp.post("bookings/sync", operator);

    expect(warm).toEqual({ token: 1, list: 4 });
    // A card each, the directory with every 400, the token and its lease, the budget, two keys, who asked.
    expect([first.writes, first.commits]).toEqual([1_000 + 3 + 2 + 1 + 2 + 1, 3 + 2 + 1 + 2 + 1]);
    expect(again.body).toMatchObject({ added: 0, updated: 0, total: 1_000 });
    expect(camp.osmCalls()).toEqual({ list: 4 });
    // The key, the budget, what is remembered of items, the directory.
    expect([camp.counts.reads, camp.counts.writes]).toEqual([4, 1]);
  }, 60_000);
});

describe("GET /api/bookings/{id}", () => {
  test("tells items, comments, mails and the contact's address, which later lists keep", async () => {
    const id = await camp.book({ email: "leader@example.org" });
    await camp.warden("comment", { id, comment: "Deposit received." });
    await camp.post("bookings/sync", operator);

    const { status, body } = await camp.get(`bookings/${id}`, reader);
    await camp.post("bookings/sync", operator);
    camp.clock.advance(60_000);
    const listed = await camp.get("bookings", reader);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      bookingId: id,
      customerEmail: "leader@example.org",
      items: [{ id: "301", start: "2027-02-05 16:00:00", end: "2027-02-07 14:00:00" }],
      comments: [{ text: "Deposit received.", author: "Warden" }],
      links: [],
      warnings: [],
    });
    expect(listed.body.items[0].customerEmail).toBe("leader@example.org");
  });

  test("a booking that no list showed is not asked for, and with OSM down what was known is shown", async () => {
    const id = await camp.book();
    await camp.post("bookings/sync", operator);
    camp.osmCalls();

    const unknown = await camp.get("bookings/99999", reader);
    const calls = camp.osmCalls();
    await camp.fail({ kinds: ["status=503"] });
    const known = await camp.get(`bookings/osm:${id}`, reader);

    expect([unknown.status, calls]).toEqual([404, {}]);
    expect([known.status, known.body.customerName]).toEqual([200, "1st Anytown"]);
    expect(known.body.warnings[0]).toContain("osm cannot be asked (503)");
  });
});

describe("sources", () => {
  test("S45: a block raises an alert at the next poll, and stops every call until a person lifts it", async () => {
    await camp.book();
    await camp.fail({ path: "/bookings", kinds: ["blocked"], times: 1 });
    await pollSources(camp.world, { ws: "camp", source: "osm" });
    await camp.warden("unblock", {});
    camp.clock.advance(3_600_000);
    camp.osmCalls();

    const refused = await camp.post("bookings/sync", operator);
    const alerts = await camp.get("alerts", reader);
    const shown = await camp.get("sources", reader);
    const lifted = await camp.post("sources/osm/unblock", operator);
    const again = await camp.post("sources/osm/unblock", operator);
    camp.clock.advance(2_000);
    const synced = await camp.post("bookings/sync", operator);

    expect([refused.status, refused.body.code]).toEqual([503, "PROVIDER_BLOCKED"]);
    expect(alerts.body.items.map(({ kind }: { kind: string }) => kind)).toContain("source-blocked");
    expect(shown.body.items[0]).toMatchObject({
      source: "osm",
      provider: "osm",
      budget: { blockedAt: expect.any(String) },
    });
    expect([lifted.status, again.status, synced.status]).toEqual([200, 409, 200]);
    const left = await camp.get("alerts", reader);
    expect(left.body.items.map(({ kind }: { kind: string }) => kind)).not.toContain("source-blocked");
  });
});
