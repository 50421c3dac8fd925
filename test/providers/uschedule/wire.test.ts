import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BookingSource } from "../../../shared/ports/booking-source.ts";
import { uschedule } from "../../../shared/providers/uschedule/index.ts";
import type { Span } from "../../../shared/sync/time.ts";
import { codeOf } from "../../contract/trouble.ts";
import { openUscheduleBench } from "../../contract/uschedule-bench.ts";
import { manualClock } from "../../fakes/manual-clock.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";

type Bench = ReturnType<typeof openUscheduleBench>;

const WINDOW = { from: "2027-01-04T00:00:00.000Z", to: "2027-04-04T00:00:00.000Z" };
const NINE: Span = { kind: "timed", start: "2027-01-10T14:00:00.000Z", end: "2027-01-10T15:00:00.000Z" };
const TEN: Span = { kind: "timed", start: "2027-01-10T15:00:00.000Z", end: "2027-01-10T16:00:00.000Z" };

let bench: Bench;
beforeEach(() => {
  bench = openUscheduleBench();
});
afterEach(() => bench.close());

function book(span = NINE, room = "Bay 1"): Promise<string> {
  return bench.outside.book({ room, span, customer: "Priya Raman" });
}

/** `getappointment`, `bookit`: the calls since the last look. */
function calls(): string[] {
  return bench.stage.calls().map((name) => name.replace("uschedule ", ""));
}

async function statusIn(source: BookingSource, id: string): Promise<string | undefined> {
  return (await source.list(WINDOW)).bookings.find((booking) => booking.id === id)?.status;
}

describe("S11: every row reads status 0", () => {
  beforeEach(() => bench.stage.arrange("options", { unclearStatus: true }));

  test("a cancelled one is told by its free slot, in a listing and by id, and its hash differs", async () => {
    const { source, outside } = bench;
    const [gone, kept] = [await book(), await book(TEN)];
    const before = await source.list(WINDOW);
    await outside.cancel(gone);

    const after = await source.list(WINDOW);
    const read = await source.read([
      { id: gone, around: NINE },
      { id: kept, around: TEN },
    ]);

    const hashes = (listing: typeof before) => listing.bookings.map(({ hash }) => hash);
    expect(hashes(after)[0]).not.toBe(hashes(before)[0]);
    expect(hashes(after)[1]).toBe(hashes(before)[1]);
    expect(after.bookings.map(({ status }) => status)).toEqual(["cancelled", "unclear"]);
    expect([read.get(gone)?.status, read.get(kept)?.status]).toEqual(["cancelled", "pending"]);
    expect([read.get(gone)?.hash, read.get(kept)?.hash]).toEqual(hashes(after));
  });

  test("a cancelled one whose slot somebody else booked since is unclear, never live again", async () => {
    const { source, outside } = bench;
    const gone = await book();
    await outside.cancel(gone);
    const successor = await book();

    const read = await source.read([{ id: gone }, { id: successor }]);

    expect([read.get(gone)?.status, read.get(successor)?.status]).toEqual(["unclear", "pending"]);
  });

  test("a cancelled one whose slot is taken in part by another is told by the part that is free", async () => {
    const { source, outside } = bench;
    const gone = await book();
    await outside.cancel(gone);
    await book({ kind: "timed", start: "2027-01-10T14:30:00.000Z", end: "2027-01-10T15:30:00.000Z" });

    expect((await source.read([{ id: gone }])).get(gone)?.status).toBe("cancelled");
    expect(await statusIn(source, gone)).toBe("cancelled");
  });

  test("one whose slot has begun tells nothing: it is neither offered nor proven held", async () => {
    const { source, advance } = bench;
    const id = await book();
    advance(Date.parse(NINE.start) + 60_000 - Date.parse("2027-01-04T12:00:00.000Z"));

    expect(await statusIn(source, id)).toBe("unclear");
    expect((await source.read([{ id }])).get(id)?.status).toBe("unclear");
  });

  test("one availability call serves all rows of a room, however long they are", async () => {
    for (const hour of ["14", "17", "20"]) {
      await book({ kind: "timed", start: `2027-01-10T${hour}:00:00.000Z`, end: `2027-01-10T${hour}:30:00.000Z` });
      await book({ kind: "timed", start: `2027-01-12T${hour}:00:00.000Z`, end: `2027-01-12T${hour}:59:00.000Z` });
    }
    await bench.source.list(WINDOW);

    expect(calls().filter((name) => name === "getavailability")).toHaveLength(1);
  });

  test("an outage of the availability alone leaves the listing as it is", async () => {
    const id = await book();
    await bench.stage.fail({ api: "uschedule", path: "getavailability", kinds: ["status=503"], times: 9 });

    expect(await statusIn(bench.source, id)).toBe("unclear");
    expect(await codeOf(bench.source.read([{ id }]))).toBe("PROVIDER_UNAVAILABLE");
  });

  test("calls for availability are limited; what is not looked at stays open", async () => {
    const settings = uschedule.settings.parse({ availabilityCalls: 0 });
    const source = uschedule.connect(bench.stage.connection("uschedule", settings));
    const id = await book();
    await bench.outside.cancel(id);

    expect(await statusIn(source, id)).toBe("unclear");
    expect(calls()).not.toContain("getavailability");
  });
});

describe("listing", () => {
  test("a window is asked for in parts of 31 days, a day more on both sides, each booking once", async () => {
    const asked: unknown[] = [];
    const connection = bench.stage.connection("uschedule", uschedule.settings.parse({}));
    const spy: typeof fetch = (input, init) => {
      if (String(input).endsWith("/getapiappointments")) asked.push(JSON.parse(String(init?.body)));
      return connection.fetch(input, init);
    };
    await book();
    await book({ kind: "timed", start: "2027-02-03T04:30:00.000Z", end: "2027-02-03T05:30:00.000Z" });

    const { bookings } = await uschedule.connect({ ...connection, fetch: spy }).list(WINDOW);

    expect(asked).toEqual([
      { StartDate: "01/02/2027", EndDate: "02/01/2027" },
      { StartDate: "02/02/2027", EndDate: "03/04/2027" },
      { StartDate: "03/05/2027", EndDate: "04/04/2027" },
    ]);
    expect(bookings).toHaveLength(2);
  });

  test("S03: when one part fails the rest is told, as incomplete", async () => {
    const id = await book();
    await bench.stage.fail({ api: "uschedule", path: "getapiappointments", kinds: ["status=503"], skip: 1, times: 3 });

    const { bookings, complete } = await bench.source.list(WINDOW);

    expect([bookings.map((booking) => booking.id), complete]).toEqual([[id], false]);
  });

  test.each(["html", "no-body", "garbled", "cut"])(
    "S02: %s in place of a list is an error, not an empty list",
    async (fault) => {
      await book();
      await bench.stage.fail({ api: "uschedule", path: "getapiappointments", kinds: [fault], times: 99 });

      expect(await codeOf(bench.source.list(WINDOW))).toBe("PROVIDER_UNAVAILABLE");
    },
  );
});

describe("the session", () => {
  test("logs in once for all calls, and once more when the token is refused, however many meet it", async () => {
    const { source } = bench;
    const id = await book();
    await Promise.all([source.read([{ id }]), source.read([{ id }]), source.read([{ id }])]);
    expect(calls().filter((name) => name === "validateuser")).toHaveLength(1);

    await bench.stage.arrange("options", { tokenSeconds: 60 });
    bench.advance(61_000);
    await Promise.all([source.read([{ id }]), source.read([{ id }]), source.read([{ id }])]);

    expect(calls().filter((name) => name === "validateuser")).toHaveLength(1);
  });

  test("a refused login is not tried again for a minute", async () => {
    const { source } = bench;
    await bench.stage.fail({ api: "uschedule", path: "validateuser", kinds: ["status=401"], times: 9 });

    const codes = [await codeOf(source.list(WINDOW)), await codeOf(source.read([{ id: "1" }]))];

    expect(codes).toEqual(["PROVIDER_UNAUTHORIZED", "PROVIDER_UNAUTHORIZED"]);
    expect(calls()).toEqual(["validateuser"]);
    bench.advance(60_001);
    await codeOf(source.list(WINDOW));
    expect(calls()).toEqual(["validateuser"]);
  });

  test("credentials come from their secrets; real USchedule without them fails at start", async () => {
    const sent: { key: string | null; body: string }[] = [];
    const answer: typeof fetch = async (_, init) => {
      sent.push({ key: new Headers(init?.headers).get("x-us-application-key"), body: String(init?.body) });
      return Response.json({ AuthKey: null });
    };
    const connect = (settings: object) =>
      uschedule.connect({
        settings: uschedule.settings.parse(settings),
        root: "https://clients.uschedule.com",
        timeZone: "America/New_York",
        secrets: { read: async (name) => `value of ${name}` },
        clock: manualClock(),
        fetch: answer,
        memory: fakeMemory(),
      });

    expect(() => connect({ userName: "desk" })).toThrow(/password, applicationKey/);
    const source = connect({ userName: "desk", password: "us-password", applicationKey: "us-key" });

    await expect(source.list(WINDOW)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
    expect(sent).toEqual([{ key: "value of us-key", body: '{"UserName":"desk","Password":"value of us-password"}' }]);
  });
});

describe("writing", () => {
  test.each(["status=503", "timeout-before", "timeout-after", "rate-limit", "garbled", "status=401"])(
    "R4: bookit is sent once, whatever happens to it: %s",
    async (fault) => {
      const { source } = bench;
      const id = await book();
      const like = (await source.read([{ id }])).get(id);
      if (like === undefined) throw new Error("not booked");
      calls();
      await bench.stage.fail({ api: "uschedule", path: "bookit", kinds: [fault] });

      expect(await codeOf(source.book({ resource: "Bay 2", span: NINE, marker: "s", like }))).toMatch(/^PROVIDER_/);

      expect(calls().filter((name) => name === "bookit")).toHaveLength(1);
    },
  );

  test("what USchedule cannot be told is refused before it is called", async () => {
    const { source } = bench;
    const id = await book();
    const like = (await source.read([{ id }])).get(id);
    if (like === undefined) throw new Error("not booked");
    const order = (span: Span) => codeOf(source.book({ resource: "Bay 2", span, marker: "s", like }));

    expect(await order({ kind: "all-day", start: "2027-01-10", end: "2027-01-11" })).toBe("PROVIDER_REFUSED");
    expect(await order({ ...NINE, end: "2027-01-10T15:00:30.000Z" })).toBe("PROVIDER_REFUSED");
    const secondHalfPastOne = {
      kind: "timed",
      start: "2027-11-07T06:30:00.000Z",
      end: "2027-11-07T07:30:00.000Z",
    } as const;
    expect(await order(secondHalfPastOne)).toBe("PROVIDER_REFUSED");
    expect(calls()).not.toContain("bookit");
  });

  test("an order refused because the rooms were misread is right the next time", async () => {
    const { source } = bench;
    const id = await book();
    const like = (await source.read([{ id }])).get(id);
    if (like === undefined) throw new Error("not booked");
    const order = { resource: "Bay 2", span: NINE, marker: "s", like };
    await bench.stage.fail({ api: "uschedule", path: "resourceunits", kinds: ["empty"] });

    expect(await codeOf(source.book(order))).toBe("PROVIDER_REFUSED");
    const booked = await source.book(order);

    expect((await source.read([booked])).get(booked.id)?.resources).toEqual(["Bay 2"]);
  });

  test("a page of HTML does not cancel anything", async () => {
    const { source } = bench;
    const id = await book();
    await bench.stage.fail({ api: "uschedule", path: "cancelappointment", kinds: ["html"], times: 9 });

    expect(await codeOf(source.cancel(id))).toBe("PROVIDER_UNAVAILABLE");
    expect((await source.read([{ id }])).get(id)?.status).toBe("live");
  });

  test("a move costs: availability, booking, cancelling, one call each once the studio is known", async () => {
    const { source } = bench;
    const id = await book();
    await source.available({ resource: "Bay 1", span: TEN });
    calls();

    const like = (await source.read([{ id }])).get(id);
    await source.available({ resource: "Bay 1", span: TEN });
    if (like !== undefined) await source.book({ resource: "Bay 1", span: TEN, marker: "s", like });
    await source.cancel(id);

    expect(calls()).toEqual(["getappointment", "getavailability", "bookit", "cancelappointment"]);
  });
});

describe("the webhook", () => {
  const read = (body: unknown) => uschedule.webhook?.read(body);
  const row = {
    AppointmentID: 410001,
    ResourceName: "Bay 1",
    StartTime: "2027-01-10T09:00:00",
    EndTime: "2027-01-10T10:00:00",
  };

  test("tells the day on which to look, from a bare row or one in an envelope", () => {
    const around = { kind: "all-day", start: "2027-01-10", end: "2027-01-11" };
    const notice = { bookingId: "410001", resource: "Bay 1", around };

    expect(read({ type: "appointment.updated", data: row })).toEqual(notice);
    expect(read({ ...row, AppointmentID: undefined, Id: "410001" })).toEqual(notice);
  });

  test("times with an offset are the moments they say", () => {
    const [StartTime, EndTime] = ["2027-01-10T23:00:00-05:00", "2027-01-11T00:00:00-05:00"];
    const [start, end] = ["2027-01-11T04:00:00.000Z", "2027-01-11T05:00:00.000Z"];

    expect(read({ ...row, StartTime, EndTime })?.around).toMatchObject({ kind: "timed", start, end });
  });

  test("times left out tell less; times that are wrong are named", () => {
    const { StartTime, EndTime, ...untimed } = row;
    const wrong = { ...untimed, StartTime: EndTime, EndTime: StartTime };

    expect(read({ data: untimed })).toEqual({ bookingId: "410001", resource: "Bay 1" });
    expect(() => read({ data: wrong })).toThrow("appointment 410001: its end is not after its start");
  });

  test.each([null, [], "x", {}, { data: {} }, { data: { AppointmentID: {} } }, { data: "x" }])(
    "refuses what names no appointment: %j",
    (body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );
});
