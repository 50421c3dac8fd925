import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { googleCalendar } from "../../../shared/providers/google-calendar/index.ts";
import { openGoogleBench } from "../../contract/google-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

type Bench = ReturnType<typeof openGoogleBench>;

const LESSON = {
  span: { kind: "timed", start: "2027-01-10T14:00:00.000Z", end: "2027-01-10T15:00:00.000Z" },
  title: "Priya Raman",
} as const;

let bench: Bench;
beforeEach(() => {
  bench = openGoogleBench();
});
afterEach(() => bench.close());

function insert(id = "lockstep001") {
  return bench.calendar.insert({ calendarId: bench.calendarId, id, content: LESSON, properties: {} });
}

function failNext(fault: string, times = 1) {
  return bench.stage.fail({ api: "google", kinds: [fault], times });
}

describe("trying again", () => {
  test("S44: Retry-After is waited out, on an insert too, and the event is there once", async () => {
    await failNext("status=503;retry-after=3");

    await insert();

    expect(bench.stage.clock.slept).toEqual([3000]);
    expect(bench.stage.calls()).toEqual(["google events.insert", "google events.insert"]);
  });

  test("S44: 403 rateLimitExceeded is no refusal: it is tried again on insert, patch and delete", async () => {
    const { calendar, calendarId } = bench;
    await failNext("rate-limit");
    const { id } = await insert();
    await failNext("status=403;reason=userRateLimitExceeded");
    await calendar.patch({ calendarId, id, content: { title: "New" } });
    await failNext("status=403;reason=quotaExceeded");
    await calendar.remove({ calendarId, id });

    expect(bench.stage.calls().filter((name) => name !== "google events.list")).toHaveLength(6);
    expect(bench.stage.clock.slept).toHaveLength(3);
  });

  test("S44: a wait longer than a call may take is handed on with its length, without waiting", async () => {
    await failNext("status=429;retry-after=30");

    await expect(insert()).rejects.toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      retryAfterMs: 30_000,
      provider: "429 rateLimitExceeded",
    });
    expect(bench.stage.clock.slept).toEqual([]);
  });

  test("S44: after three tries the last failure is thrown; the waits grow and stay under eight seconds", async () => {
    await failNext("status=500", 9);

    expect(await codeOf(insert())).toBe("PROVIDER_UNAVAILABLE");

    const [first = 0, second = 0, ...more] = bench.stage.clock.slept;
    expect(bench.stage.calls()).toHaveLength(3);
    expect(more).toEqual([]);
    expect(first).toBeGreaterThanOrEqual(250);
    expect(second).toBeGreaterThanOrEqual(500);
    expect(first + second).toBeLessThan(8000);
  });

  test("what trying again cannot help is thrown at once", async () => {
    await failNext("status=400;reason=invalid", 9);

    expect(await codeOf(insert())).toBe("PROVIDER_REFUSED");
    expect(bench.stage.calls()).toHaveLength(1);
  });

  test("a refused token is asked for anew once, then PROVIDER_UNAUTHORIZED", async () => {
    await failNext("expire-token", 9);

    expect(await codeOf(insert())).toBe("PROVIDER_UNAUTHORIZED");
    expect(bench.stage.calls()).toHaveLength(2);
  });
});

describe("what failures mean", () => {
  test("S29: 410 is three things: on a list begin again, on a delete success, on a patch gone", async () => {
    const { calendar, calendarId } = bench;
    const from = "2027-01-01T00:00:00.000Z";
    await insert();

    await failNext("status=410;reason=fullSyncRequired");
    expect(await codeOf(calendar.changes({ calendarId, from, cursor: "x" }))).toBe("CURSOR_EXPIRED");
    await failNext("status=410;reason=updatedMinTooLongAgo");
    expect(await codeOf(calendar.changes({ calendarId, from, cursor: "x" }))).toBe("CURSOR_EXPIRED");
    await failNext("status=410;reason=deleted");
    expect(await calendar.remove({ calendarId, id: "lockstep001" })).toBe("already-gone");
    await failNext("status=410;reason=deleted");
    expect(await codeOf(calendar.patch({ calendarId, id: "lockstep001", content: {} }))).toBe("EVENT_MISSING");
  });

  test("S01: a calendar that is no longer shared is forbidden, not empty", async () => {
    const { calendar, calendarId } = bench;
    await failNext("no-access", 9);

    expect(await codeOf(calendar.changes({ calendarId, from: "2027-01-01T00:00:00.000Z" }))).toBe("PROVIDER_FORBIDDEN");
    expect(await codeOf(calendar.find(calendarId, { property: "a", value: "b" }))).toBe("PROVIDER_FORBIDDEN");
    expect(await codeOf(insert())).toBe("PROVIDER_FORBIDDEN");
  });

  test("S65: a masked answer to a read is forbidden, not an event without its marker", async () => {
    await insert();
    await failNext("free-busy");

    expect(await codeOf(bench.calendar.get(bench.calendarId, "lockstep001"))).toBe("PROVIDER_FORBIDDEN");
  });

  test("an answer cut short or garbled is PROVIDER_UNAVAILABLE, whatever took effect", async () => {
    await failNext("garbled");
    expect(await codeOf(insert())).toBe("PROVIDER_UNAVAILABLE");
    await failNext("cut", 9);
    expect(await codeOf(bench.calendar.get(bench.calendarId, "lockstep001"))).toBe("PROVIDER_UNAVAILABLE");
  });

  test("neither error nor cause carries what was sent: no guest, no token", async () => {
    await failNext("status=400;reason=invalid");

    const error: unknown = await insert().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ provider: "400 invalid" });
    expect(JSON.stringify(error, ["message", "detail", "provider", "cause", "stack"])).not.toMatch(
      /Priya|Bearer|sandbox "/,
    );
    expect(error).not.toHaveProperty("cause");
  });

  test("no answer within the transport's time is PROVIDER_UNAVAILABLE", async () => {
    const connection = bench.stage.connection("google", {});
    const never: typeof fetch = () =>
      Promise.reject(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    const calendar = googleCalendar.connect({ ...connection, fetch: never });

    await expect(calendar.get("bay1@example.org", "abc12")).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      provider: "no answer timeout",
    });
  });
});

describe("on the wire", () => {
  test("S25: every write says sendUpdates=none", async () => {
    const { calendar, calendarId } = bench;
    const { id } = await insert();
    await calendar.patch({ calendarId, id, content: { title: "New" }, free: true });
    await calendar.remove({ calendarId, id });

    const writes = bench.stage.sandbox.log.calls().filter(({ method, api }) => api === "google" && method !== "GET");
    expect(writes.map(({ operation, sendUpdates }) => [operation, sendUpdates])).toEqual([
      ["events.insert", "none"],
      ["events.patch", "none"],
      ["events.delete", "none"],
    ]);
  });

  test("a patch sends the named fields alone, If-Match with it, and frees the time when asked", async () => {
    const sent: { url: string; init: RequestInit | undefined }[] = [];
    const connection = bench.stage.connection("google", {});
    const spy: typeof fetch = (input, init) => {
      sent.push({ url: String(input), init });
      return connection.fetch(input, init);
    };
    const { id, etag } = await insert();
    const calendar = googleCalendar.connect({ ...connection, fetch: spy });
    const content = { title: "Cancelled" };

    await calendar.patch({ calendarId: bench.calendarId, id, ...(etag && { etag }), content, free: true });

    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(
      "http://sandbox/google/calendar/v3/calendars/loft-bay-1%40sandbox/events/lockstep001?sendUpdates=none",
    );
    expect(Object.keys(sent[0]?.init ?? {}).sort()).toEqual(["body", "headers", "method"]);
    expect(new Headers(sent[0]?.init?.headers).get("if-match")).toBe(etag);
    expect(JSON.parse(String(sent[0]?.init?.body))).toEqual({ summary: "Cancelled", transparency: "transparent" });
  });

  test("first and following listings ask with the same parameters but for the token", async () => {
    const urls: URL[] = [];
    const connection = bench.stage.connection("google", {});
    const spy: typeof fetch = (input, init) => {
      urls.push(new URL(String(input)));
      return connection.fetch(input, init);
    };
    const calendar = googleCalendar.connect({ ...connection, fetch: spy });
    await insert("lockstep001");
    await insert("lockstep002");
    await bench.stage.arrange("options", { pageSize: 1 });
    const query = { calendarId: bench.calendarId, from: "2027-01-01T00:00:00.000Z" };

    const first = await calendar.changes(query);
    const second = await calendar.changes({ ...query, page: first.nextPage ?? "" });
    await calendar.changes({ ...query, cursor: second.cursor ?? "" });

    const parameters = urls.map((url) => Object.fromEntries(url.searchParams));
    const shared = { singleEvents: "false", maxResults: "250" };
    expect(first).not.toHaveProperty("cursor");
    expect(parameters).toEqual([
      { ...shared, timeMin: query.from },
      { ...shared, timeMin: query.from, pageToken: first.nextPage },
      { ...shared, syncToken: second.cursor },
    ]);
  });
});

describe("credentials", () => {
  const secrets = { read: async (name: string) => `token of ${name}` };
  const base = { timeZone: "UTC", clock: manualClock(), secrets, properties: [] };

  test("real Google without credentials fails at start, naming the setting", () => {
    const connection = { ...base, settings: {}, root: "https://www.googleapis.com", fetch };

    expect(() => googleCalendar.connect(connection)).toThrow(/credentials/);
  });

  test("a static token is read from its secret and sent as bearer", async () => {
    const sent: (string | null)[] = [];
    const spy: typeof fetch = async (_, init) => {
      sent.push(new Headers(init?.headers).get("authorization"));
      return Response.json({ id: "abc12", status: "cancelled" });
    };
    const settings = googleCalendar.settings.parse({ auth: "static-token", credentials: "google-token" });
    const calendar = googleCalendar.connect({ ...base, settings, root: "https://www.googleapis.com", fetch: spy });

    await calendar.get("bay1@example.org", "abc12");

    expect(sent).toEqual(["Bearer token of google-token"]);
  });

  test("a service account without a secret's name is refused with the file's line, not later", () => {
    const read = googleCalendar.settings.safeParse({ auth: "service-account" });

    expect(read.error?.issues[0]).toMatchObject({ path: ["credentials"], message: expect.stringContaining("secret") });
  });

  test("a secret that is no key file is CONFIG_INVALID, and its value is not repeated", async () => {
    const settings = { credentials: "google-key" };
    const calendar = googleCalendar.connect({ ...base, settings, root: "https://www.googleapis.com", fetch });

    const error: unknown = await calendar.get("a", "b").catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("google-key") });
    expect(String(error)).not.toContain("token of");
  });
});
