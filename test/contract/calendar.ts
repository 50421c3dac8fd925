import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Calendar, CalendarEvent } from "../../shared/ports/calendar.ts";
import type { Content } from "../../shared/sync/content.ts";
import { codeOf, TROUBLES, type Trouble } from "./trouble.ts";

/** One calendar of a provider, and what people and trouble do to it behind our back. */
export interface CalendarBench {
  readonly calendar: Calendar;
  readonly calendarId: string;
  readonly outside: {
    retitle(eventId: string, title: string): Promise<void>;
    remove(eventId: string): Promise<void>;
    expireCursors(): Promise<void>;
    /** From now on we may only look. */
    takeWriteAccess(): Promise<void>;
    /** So many calls fail; the rest succeed. */
    fail(trouble: Trouble, times: number): Promise<void>;
    /** The next call takes effect, and its answer is lost. */
    loseAnswer(): Promise<void>;
    refusePush(): Promise<void>;
  };
  close(): void;
}

export interface CalendarBacking {
  readonly name: string;
  open(): CalendarBench;
}

const FROM = "2027-01-01T00:00:00.000Z";
const NINE = {
  kind: "timed",
  start: "2027-01-10T14:00:00.000Z",
  end: "2027-01-10T15:00:00.000Z",
  zone: "America/New_York",
} as const;
const TEN = { ...NINE, start: "2027-01-10T15:00:00.000Z", end: "2027-01-10T16:00:00.000Z" } as const;
const LESSON: Content = { span: NINE, title: "Priya Raman", description: "Putting lesson\nleft-handed" };

/** The contract of `shared/ports/calendar.ts`; every calendar provider passes all of it. */
export function testCalendarContract(backing: CalendarBacking): void {
  describe(`calendar on ${backing.name}`, () => {
    let bench: CalendarBench;
    beforeEach(() => {
      bench = backing.open();
    });
    afterEach(() => bench.close());
    const opened = () => bench;

    testWriting(opened);
    testListing(opened);
    testFinding(opened);
    testTrouble(opened);
    testWatching(opened);
  });
}

type Opened = () => CalendarBench;

/** `id` is the event's id, or its key where the provider assigns ids. */
function insert({ calendar, calendarId }: CalendarBench, id = "lockstep001", content = LESSON): Promise<CalendarEvent> {
  return calendar.insert({ calendarId, id, content, properties: { booking: id, managed: "true" } });
}

function testWriting(opened: Opened): void {
  test("what is inserted reads back the same by id, and is what the insert answered", async () => {
    const { calendar, calendarId } = opened();

    const inserted = await insert(opened());
    const read = await calendar.get(calendarId, inserted.id);

    expect(inserted).toMatchObject({ calendarId, state: "live", content: LESSON });
    expect(inserted.id === "lockstep001").toBe(!calendar.capabilities.assignsIds);
    expect(inserted.properties).toEqual({ booking: "lockstep001", managed: "true" });
    expect(inserted.updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(read).toEqual(inserted);
  });

  test("an id once taken is EVENT_EXISTS, also after the event was deleted; a key makes no second event", async () => {
    const { calendar, calendarId } = opened();
    const { id } = await insert(opened());

    if (calendar.capabilities.assignsIds) {
      const again = await insert(opened()).catch((error: unknown) => codeOf(Promise.reject(error)));
      expect([id, "EVENT_EXISTS"]).toContain(typeof again === "string" ? again : again.id);
      const found = await calendar.find(calendarId, { property: "booking", value: "lockstep001" });
      expect(found.map((event) => event.id)).toEqual([id]);
      return;
    }
    expect(await codeOf(insert(opened()))).toBe("EVENT_EXISTS");
    await calendar.remove({ calendarId, id });
    expect(await codeOf(insert(opened()))).toBe("EVENT_EXISTS");
  });

  test("S25: a patch changes the named fields in place and leaves the rest", async () => {
    const { calendar, calendarId } = opened();
    const before = await insert(opened());

    const after = await calendar.patch({ calendarId, id: before.id, ...withEtag(before), content: { span: TEN } });

    expect(after).toMatchObject({ id: before.id, content: { ...LESSON, span: TEN }, properties: before.properties });
    expect(after.iCalUid).toBe(before.iCalUid);
    expect(after.etag).not.toBe(before.etag);
  });

  test("a patch removes a property given as null, changes one and keeps the others", async () => {
    const { calendar, calendarId } = opened();
    const { id } = await insert(opened());

    const patched = await calendar.patch({ calendarId, id, content: {}, properties: { booking: "2", managed: null } });

    expect(patched.properties).toEqual({ booking: "2" });
    expect(patched.content).toEqual({ ...LESSON, standing: "confirmed" });
  });

  test("a tentative event is shown as one, confirmed by a patch, and made tentative again", async () => {
    const { calendar, calendarId } = opened();
    const seen = await insert(opened(), "lockstep001", { ...LESSON, standing: "tentative" });

    const confirmed = await calendar.patch({ calendarId, id: seen.id, content: { standing: "confirmed" } });
    const struck = await calendar.patch({ calendarId, id: seen.id, content: { title: "Off" }, free: true });
    const back = await calendar.patch({
      ...{ calendarId, id: seen.id, content: { standing: "tentative" }, free: false },
    });

    expect([seen, confirmed, back].map(({ content }) => content.standing)).toEqual([
      ...["tentative", "confirmed", "tentative"],
    ]);
    expect(struck.meeting).toBeUndefined();
    expect((await calendar.get(calendarId, seen.id))?.content.standing).toBe("tentative");
  });

  test("a timed event becomes a whole day and a timed one again", async () => {
    const { calendar, calendarId } = opened();
    const { id } = await insert(opened());
    const days = { kind: "all-day", start: "2027-01-10", end: "2027-01-12" } as const;

    const whole = await calendar.patch({ calendarId, id, content: { span: days } });
    const timed = await calendar.patch({ calendarId, id, content: { span: TEN } });

    expect(whole.content.span).toEqual(days);
    expect(timed.content.span).toEqual(TEN);
  });

  test("a change made meanwhile is EVENT_CHANGED, and nothing is overwritten or deleted", async () => {
    const { calendar, calendarId, outside } = opened();
    const seen = await insert(opened());
    await outside.retitle(seen.id, "Moved by staff");

    const stale = { calendarId, id: seen.id, ...withEtag(seen) };
    expect(await codeOf(calendar.patch({ ...stale, content: { title: "Ours" } }))).toBe("EVENT_CHANGED");
    expect(await codeOf(calendar.remove(stale))).toBe("EVENT_CHANGED");
    expect(await calendar.get(calendarId, seen.id)).toMatchObject({
      content: { title: "Moved by staff" },
      state: "live",
    });
  });

  test("patching what is not there, or deleted, is EVENT_MISSING", async () => {
    const { calendar, calendarId, outside } = opened();
    const { id } = await insert(opened());
    await outside.remove(id);

    expect(await codeOf(calendar.patch({ calendarId, id, content: { title: "x" } }))).toBe("EVENT_MISSING");
    expect(await codeOf(calendar.patch({ calendarId, id: "never00", content: { title: "x" } }))).toBe("EVENT_MISSING");
  });

  test("S08: deleting what is deleted or was never there is success", async () => {
    const { calendar, calendarId } = opened();
    const { id } = await insert(opened());

    expect(await calendar.remove({ calendarId, id })).toBe("removed");
    expect(await calendar.remove({ calendarId, id })).toBe("already-gone");
    expect(await calendar.remove({ calendarId, id: "never00" })).toBe("already-gone");
  });

  test("S24: whatever the provider makes of text and zone, writing back what it returned changes nothing", async () => {
    const { calendar, calendarId } = opened();
    const odd: Content = {
      span: { ...NINE, zone: "Asia/Calcutta" },
      title: "  Zoë & Søn ⛳\u00a0\u0000 ",
      description: "<b>bold</b>\r\n\tline \n\n",
    };

    const first = await insert(opened(), "lockstep001", odd);
    const again = await calendar.patch({ calendarId, id: first.id, content: first.content });

    expect(again.content).toEqual(first.content);
    expect(first.content.title).toContain("Zoë & Søn ⛳");
  });
}

function testListing(opened: Opened): void {
  test("a first listing leads to a cursor, and the cursor to what changed since, deletions included", async () => {
    const bench = opened();
    const { calendar, calendarId, outside } = bench;
    const { id: one } = await insert(bench, "lockstep001");
    const { id: two } = await insert(bench, "lockstep002");
    const { id: three } = await insert(bench, "lockstep003");

    const first = await walk(bench);
    await outside.retitle(one, "Renamed");
    await outside.remove(two);
    const since = await walk(bench, first.cursor);
    const idle = await walk(bench, since.cursor);

    expect(first.events.map(({ id }) => id).sort()).toEqual([one, two, three].sort());
    expect(first.events.find(({ id }) => id === three)).toEqual(await calendar.get(calendarId, three));
    expect(since.events.map(({ id, state }) => `${id} ${state}`).sort()).toEqual(
      [`${one} live`, `${two} deleted`].sort(),
    );
    expect(since.events.find(({ id }) => id === one)).toEqual(await calendar.get(calendarId, one));
    expect(since.events.find(({ state }) => state === "deleted")).toMatchObject({ content: {}, properties: {} });
    expect(idle.events).toEqual([]);
  });

  test("events that ended before the window are left out of a first listing", async () => {
    const bench = opened();
    await insert(bench);

    const { events } = await walk(bench, undefined, "2027-01-10T15:00:00.000Z");

    expect(events).toEqual([]);
  });

  test("S29: an expired cursor is CURSOR_EXPIRED, and listing without one goes on", async () => {
    const bench = opened();
    await insert(bench);
    const { cursor } = await walk(bench);
    await bench.outside.expireCursors();

    expect(await codeOf(walk(bench, cursor))).toBe("CURSOR_EXPIRED");
    expect((await walk(bench)).events).toHaveLength(1);
  });

  test("S65: without write access a listing says so, and a search is an error instead of an empty answer", async () => {
    const bench = opened();
    const { calendar, calendarId, outside } = bench;
    await insert(bench);
    expect((await walk(bench)).access).toBe("writer");

    await outside.takeWriteAccess();

    const seen = await walk(bench).catch((error: unknown) => codeOf(Promise.reject(error)));
    expect(["reader", "PROVIDER_FORBIDDEN"]).toContain(typeof seen === "string" ? seen : seen.access);
    expect(await codeOf(calendar.find(calendarId, { property: "managed", value: "true" }))).toBe("PROVIDER_FORBIDDEN");
    expect(await codeOf(insert(bench, "lockstep002"))).toBe("PROVIDER_FORBIDDEN");
  });
}

function testFinding(opened: Opened): void {
  test("an unknown id is undefined, a deleted one a tombstone where the provider still shows one", async () => {
    const { calendar, calendarId, outside } = opened();
    const { id } = await insert(opened());
    await outside.remove(id);

    const gone = await calendar.get(calendarId, id);
    expect(await calendar.get(calendarId, "never00")).toBeUndefined();
    if (!calendar.capabilities.assignsIds || gone !== undefined) {
      expect(gone).toMatchObject({ id, state: "deleted", content: {} });
    }
  });

  test("finds live events by one property or by iCalUID, and no others", async () => {
    const bench = opened();
    const { calendar, calendarId, outside } = bench;
    const kept = await insert(bench, "lockstep001");
    const other = await insert(bench, "lockstep002");
    const gone = await insert(bench, "lockstep003");
    await outside.remove(gone.id);

    const ids = async (by: Parameters<Calendar["find"]>[1]) =>
      (await calendar.find(calendarId, by)).map(({ id }) => id).sort();

    expect(await ids({ property: "booking", value: "lockstep001" })).toEqual([kept.id]);
    expect(await ids({ property: "managed", value: "true" })).toEqual([kept.id, other.id].sort());
    expect(await ids({ property: "booking", value: "lockstep003" })).toEqual([]);
    expect(await ids({ iCalUid: kept.iCalUid ?? "" })).toEqual([kept.id]);
    expect(await calendar.find(calendarId, { property: "booking", value: "lockstep001" })).toEqual([kept]);
  });
}

function testTrouble(opened: Opened): void {
  test.each(TROUBLES)("S01: %s on any call is %s, never an absence", async (trouble, code) => {
    const bench = opened();
    const { calendar, calendarId } = bench;
    const { id } = await insert(bench);
    const { cursor } = await walk(bench);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => calendar.get(calendarId, id),
      () => calendar.changes({ calendarId, from: FROM }),
      () => calendar.changes({ calendarId, from: FROM, cursor }),
      () => calendar.find(calendarId, { property: "booking", value: "lockstep001" }),
      () => insert(bench, "lockstep009"),
      () => calendar.patch({ calendarId, id, content: { title: "x" } }),
      () => calendar.remove({ calendarId, id }),
    ];

    for (const call of calls) {
      await bench.outside.fail(trouble, 10);
      expect(await codeOf(call()), call.toString()).toBe(code);
      await bench.outside.fail(trouble, 0);
    }
    expect(await calendar.get(calendarId, id)).toMatchObject({ content: LESSON, state: "live" });
  });

  test.each(["rate-limited", "unavailable", "no-answer"] as const)(
    "S44: two answers of %s in a row are ridden out, on writes too",
    async (trouble) => {
      const bench = opened();
      const { calendar, calendarId, outside } = bench;

      await outside.fail(trouble, 2);
      const event = await insert(bench);
      await outside.fail(trouble, 2);
      const patched = await calendar.patch({ calendarId, id: event.id, ...withEtag(event), content: { title: "New" } });
      await outside.fail(trouble, 2);
      const removed = await calendar.remove({ calendarId, id: event.id, ...withEtag(patched) });

      expect(patched.content.title).toBe("New");
      expect(removed).toBe("removed");
    },
  );

  test("a write whose answer was lost takes effect once", async () => {
    const bench = opened();
    const { calendar, calendarId, outside } = bench;

    await outside.loseAnswer();
    const inserted = await codeOf(insert(bench));
    expect(calendar.capabilities.assignsIds ? ["answered", "EVENT_EXISTS"] : ["EVENT_EXISTS"]).toContain(inserted);
    const found = await calendar.find(calendarId, { property: "booking", value: "lockstep001" });
    expect(found).toHaveLength(1);
    await outside.loseAnswer();
    expect(await calendar.remove({ calendarId, id: found[0]?.id ?? "" })).toBe("already-gone");

    expect((await walk(bench)).events).toEqual([]);
  });
}

function testWatching(opened: Opened): void {
  const channel = {
    id: "channel-1",
    address: "https://lockstep.example/gcal-push",
    token: "v1.loft",
    ttlSeconds: 3600,
  };

  test("opens a channel with its end, and stops it, also twice", async () => {
    const { calendar, calendarId } = opened();

    const { resourceId, expiresAt } = await calendar.watch({ calendarId, ...channel });
    await calendar.stop({ id: channel.id, resourceId });
    await calendar.stop({ id: channel.id, resourceId });

    expect(resourceId).not.toBe("");
    expect(expiresAt).toMatch(/^2027-01-04T1\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("an address the provider will not push to is WATCH_REFUSED", async () => {
    const { calendar, calendarId, outside } = opened();
    await outside.refusePush();

    expect(await codeOf(calendar.watch({ calendarId, ...channel }))).toBe("WATCH_REFUSED");
  });
}

function withEtag({ etag }: CalendarEvent): { etag?: string } {
  return etag === undefined ? {} : { etag };
}

/** All pages of a listing. */
async function walk({ calendar, calendarId }: CalendarBench, cursor?: string, from = FROM) {
  const events: CalendarEvent[] = [];
  const start = cursor === undefined ? {} : { cursor };
  let page = await calendar.changes({ calendarId, from, ...start });
  for (let count = 0; count < 50; count += 1) {
    events.push(...page.events);
    if (page.nextPage === undefined) return { events, access: page.access, cursor: page.cursor ?? "" };
    page = await calendar.changes({ calendarId, from, ...start, page: page.nextPage });
  }
  throw new Error("the listing does not end");
}
