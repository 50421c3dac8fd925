import { describe, expect, test } from "vitest";
import { propertyId } from "../../../shared/providers/outlook/properties.ts";
import { codeOf } from "../../contract/trouble.ts";
import { event, failure, json, ROOM, scripted } from "./scripted.ts";

const EVENTS = `/users/${ROOM}/events`;
const KEY = "lockstep0123456789abcdefghijklmnopqrstuv";
const CONTENT = {
  span: { kind: "timed", start: "2027-01-10T08:00:00.000Z", end: "2027-01-10T09:00:00.000Z", zone: "Europe/Oslo" },
  title: "Choir practice",
  description: "Bring chairs",
} as const;
const PROPERTIES = { BookingSystemId: "b-17", BookingSystemType: "event" };
const NEW = { calendarId: ROOM, id: KEY, content: CONTENT, properties: PROPERTIES };

const named = (properties: Record<string, string>) =>
  Object.entries(properties).map(([name, value]) => ({ id: propertyId(name), value }));

describe("inserting", () => {
  test("S25: sends the key as transactionId and the marker, and names no attendee", async () => {
    const { calendar, asked } = scripted([json(event("AAk1"), 201)]);

    const inserted = await calendar.insert(NEW);

    expect(inserted).toMatchObject({ id: "AAk1", state: "live", properties: PROPERTIES });
    expect(asked[0]).toMatchObject({ method: "POST", path: EVENTS });
    expect(asked[0]?.body).toEqual({
      subject: "Choir practice",
      body: { contentType: "text", content: "Bring chairs" },
      start: { dateTime: "2027-01-10T09:00:00", timeZone: "W. Europe Standard Time" },
      end: { dateTime: "2027-01-10T10:00:00", timeZone: "W. Europe Standard Time" },
      isAllDay: false,
      showAs: "busy",
      transactionId: KEY,
      singleValueExtendedProperties: named(PROPERTIES),
    });
  });

  test("a lost answer is tried again under the same key, whichever way Graph then answers", async () => {
    const answered = scripted([new TypeError("fetch failed"), json(event("AAk1"), 201)]);
    const refused = scripted([new TypeError("fetch failed"), failure(409, "ErrorDuplicateTransactionId")]);

    expect((await answered.calendar.insert(NEW)).id).toBe("AAk1");
    expect(await codeOf(refused.calendar.insert(NEW))).toBe("EVENT_EXISTS");

    expect(answered.asked.map(({ body }) => (body as { transactionId: string }).transactionId)).toEqual([KEY, KEY]);
  });
});

describe("changing", () => {
  const whole = { BookingSystemId: "b-18", BookingSystemType: "event" };

  test("sends the named fields alone, If-Match with them, and frees the time when asked", async () => {
    const { calendar, asked } = scripted([json(event("AAk1", { subject: "Cancelled" }))]);

    const patched = await calendar.patch({
      calendarId: ROOM,
      id: "AAk1",
      etag: 'W/"1"',
      content: { title: "Cancelled" },
      properties: whole,
      free: true,
    });

    expect(patched).toMatchObject({ content: { title: "Cancelled" }, properties: whole });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: "PATCH", path: `${EVENTS}/AAk1` });
    expect(asked[0]?.headers.get("if-match")).toBe('W/"1"');
    expect(asked[0]?.body).toEqual({
      subject: "Cancelled",
      showAs: "free",
      singleValueExtendedProperties: named(whole),
    });
  });

  test("where not every property was written, they are read: the answer to a write shows none", async () => {
    const read = event("AAk1", { singleValueExtendedProperties: named(PROPERTIES) });
    const { calendar, asked } = scripted([json(event("AAk1")), json(read)]);

    const patched = await calendar.patch({ calendarId: ROOM, id: "AAk1", content: { title: "Choir" } });

    expect(patched.properties).toEqual(PROPERTIES);
    expect(asked.map(({ method }) => method)).toEqual(["PATCH", "GET"]);
    expect(asked[0]?.headers.has("if-match")).toBe(false);
  });

  test("an edit between a write and that read is not taken for the write's answer", async () => {
    const edited = event("AAk1", { "@odata.etag": 'W/"3"', subject: "Moved by staff" });
    const { calendar } = scripted([json(event("AAk1")), json(edited)]);

    const patched = await calendar.patch({ calendarId: ROOM, id: "AAk1", content: {} });

    expect(patched).toMatchObject({ etag: 'W/"AAk1-1"', content: { title: "Choir practice" } });
  });

  test("a removed property is emptied, and an empty one counts as none", async () => {
    const { calendar, asked } = scripted([json(event("AAk1"))]);

    const patched = await calendar.patch({
      calendarId: ROOM,
      id: "AAk1",
      content: {},
      properties: { ...PROPERTIES, BookingSystemType: null },
    });

    expect(patched.properties).toEqual({ BookingSystemId: "b-17" });
    expect(asked[0]?.body).toEqual({ singleValueExtendedProperties: named({ ...PROPERTIES, BookingSystemType: "" }) });
  });

  test.each([
    [412, "ErrorIrresolvableConflict", "EVENT_CHANGED"],
    [409, "ErrorIrresolvableConflict", "EVENT_CHANGED"],
    [404, "ErrorItemNotFound", "EVENT_MISSING"],
    [410, "", "EVENT_MISSING"],
    [400, "ErrorInvalidIdMalformed", "EVENT_MISSING"],
    [404, "ErrorInvalidUser", "PROVIDER_FORBIDDEN"],
    [400, "ErrorOccurrenceCrossingBoundary", "PROVIDER_REFUSED"],
  ])("%s %s is %s", async (status, code, expected) => {
    const { calendar } = scripted([failure(status, code)]);

    expect(await codeOf(calendar.patch({ calendarId: ROOM, id: "AAk1", etag: "x", content: { title: "x" } }))).toBe(
      expected,
    );
  });

  test("with ifMatch verified, the version is read first: another one is EVENT_CHANGED and nothing is written", async () => {
    const stale = { calendarId: ROOM, id: "AAk1", etag: 'W/"0"' };
    const settings = { ifMatch: "verified" };
    const changed = scripted([json(event("AAk1")), json(event("AAk1"))], settings);
    const gone = scripted([failure(404, "ErrorItemNotFound"), failure(404, "ErrorItemNotFound")], settings);
    const same = scripted([json(event("AAk1")), new Response(null, { status: 204 })], settings);

    expect(await codeOf(changed.calendar.patch({ ...stale, content: { title: "x" } }))).toBe("EVENT_CHANGED");
    expect(await codeOf(changed.calendar.remove(stale))).toBe("EVENT_CHANGED");
    expect(await codeOf(gone.calendar.patch({ ...stale, content: { title: "x" } }))).toBe("EVENT_MISSING");
    expect(await gone.calendar.remove(stale)).toBe("already-gone");
    expect(await same.calendar.remove({ ...stale, etag: 'W/"AAk1-1"' })).toBe("removed");

    expect(changed.asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });
});

describe("deleting", () => {
  test("S08: 204 is removed; 404, 410 and an id of another shape are already gone; a lost mailbox is an error", async () => {
    const answers = [
      new Response(null, { status: 204 }),
      failure(404, "ErrorItemNotFound"),
      failure(410, ""),
      failure(400, "ErrorInvalidIdMalformed"),
      failure(404, "ErrorInvalidUser"),
    ];
    const { calendar, asked } = scripted(answers);

    const outcomes: string[] = [];
    for (const _ of answers) {
      outcomes.push(
        await calendar.remove({ calendarId: ROOM, id: "AAk1", etag: 'W/"1"' }).catch((error) => error.code),
      );
    }

    expect(outcomes).toEqual(["removed", "already-gone", "already-gone", "already-gone", "PROVIDER_FORBIDDEN"]);
    expect(asked[0]).toMatchObject({ method: "DELETE", path: `${EVENTS}/AAk1` });
    expect(asked[0]?.headers.get("if-match")).toBe('W/"1"');
  });

  test("S01: a page of HTML is nobody's success", async () => {
    const { calendar } = scripted([1, 2, 3].map(() => new Response("<html>", { status: 200 })));

    expect(await codeOf(calendar.remove({ calendarId: ROOM, id: "AAk1" }))).toBe("PROVIDER_UNAVAILABLE");
  });
});

describe("finding", () => {
  test("asks for one property's value, quoted, and shows live events alone", async () => {
    const { calendar, asked } = scripted([
      json({
        value: [event("AAk1"), event("AAk2", { isCancelled: true })],
        "@odata.nextLink": `https://graph.microsoft.com/v1.0${EVENTS}?$skip=2`,
      }),
      json({ value: [event("AAk3")] }),
    ]);

    const found = await calendar.find(ROOM, { property: "BookingSystemId", value: "O'Brien & sons" });

    expect(found.map(({ id }) => id)).toEqual(["AAk1", "AAk3"]);
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${propertyId("BookingSystemId")}' and ep/value eq 'O''Brien & sons')`;
    expect(asked[0]?.path.startsWith(`${EVENTS}?$filter=${filter}&$top=50&$expand=`)).toBe(true);
    expect(new URL(asked[0]?.url ?? "").searchParams.get("$filter")).toBe(filter);
  });

  test("asks by iCalUId", async () => {
    const { calendar, asked } = scripted([json({ value: [event("AAk1")] })]);

    await calendar.find(ROOM, { iCalUid: "0400+00/82" });

    expect(new URL(asked[0]?.url ?? "").searchParams.get("$filter")).toBe("iCalUId eq '0400+00/82'");
  });

  test("S01: a search that fails is an error, never an empty answer", async () => {
    const { calendar } = scripted([failure(403, "ErrorAccessDenied"), json({ values: [] }), json({}), json({})]);

    expect(await codeOf(calendar.find(ROOM, { iCalUid: "x" }))).toBe("PROVIDER_FORBIDDEN");
    expect(await codeOf(calendar.find(ROOM, { iCalUid: "x" }))).toBe("PROVIDER_UNAVAILABLE");
  });
});

describe("trying again", () => {
  test("S44: Retry-After is waited out, and no other call of the account is made before it", async () => {
    const throttled = failure(429, "ApplicationThrottled", { "retry-after": "30" });
    const { calendar, clock, asked } = scripted([throttled, json(event("AAk2"))]);

    await expect(calendar.get(ROOM, "AAk1")).rejects.toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      retryAfterMs: 30_000,
      provider: "429 ApplicationThrottled",
    });
    expect(await codeOf(calendar.get("other@contoso.example", "AAk2"))).toBe("PROVIDER_RATE_LIMITED");
    expect(asked).toHaveLength(1);

    clock.advance(30_000);
    expect(await calendar.get(ROOM, "AAk2")).toMatchObject({ id: "AAk2" });
  });

  test("S44: an outage is tried three times and no more, on the injected clock", async () => {
    const { calendar, clock, asked } = scripted([1, 2, 3].map(() => new Response("<html>", { status: 503 })));

    expect(await codeOf(calendar.insert(NEW))).toBe("PROVIDER_UNAVAILABLE");

    expect([asked.length, clock.slept.length]).toEqual([3, 2]);
  });

  test("a redirect is not followed: the token stays with Graph", async () => {
    const moved = () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } });
    const { calendar, asked } = scripted([moved(), moved(), moved()]);

    expect(await codeOf(calendar.get(ROOM, "AAk1"))).toBe("PROVIDER_UNAVAILABLE");
    expect(asked.every(({ url }) => url.startsWith("http://stand-in.example/graph/v1.0/"))).toBe(true);
  });

  test("no answer in time is PROVIDER_UNAVAILABLE with the network's own word", async () => {
    const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const { calendar } = scripted([1, 2, 3].map(() => new TypeError("fetch failed", { cause })));

    await expect(calendar.get(ROOM, "AAk1")).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      provider: "no answer ECONNREFUSED",
    });
  });

  test("neither error nor cause carries what was sent: no guest, no token", async () => {
    const { calendar } = scripted([failure(400, "ErrorInvalidRequest")]);

    const error: unknown = await calendar.insert(NEW).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "PROVIDER_REFUSED", provider: "400 ErrorInvalidRequest" });
    expect(JSON.stringify(error, ["message", "detail", "provider", "cause", "stack"])).not.toMatch(
      /Priya|Bearer|Choir/,
    );
    expect(error).not.toHaveProperty("cause");
  });

  test("five calls at once: four are under way, the fifth begins when one has ended", async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return json(event("AAk1"));
    };
    const { calendar, asked } = scripted(Array.from({ length: 9 }, () => slow));

    await Promise.all(Array.from({ length: 9 }, () => calendar.get(ROOM, "AAk1")));

    expect([asked.length, most]).toEqual([9, 4]);
  });
});

describe("watching", () => {
  const channel = {
    calendarId: ROOM,
    id: "channel-1",
    address: "https://lockstep.example/graph-push",
    token: "v1.town.Ym9hcmQ.channel-1.mac",
    ttlSeconds: 7 * 86_400,
  };
  const opened = (id = "sub-1") => json({ id, expirationDateTime: "2027-01-11T11:50:00Z" }, 201);

  test("subscribes to the mailbox's events with token, life-cycle address and at most the longest life", async () => {
    const { calendar, asked } = scripted([opened()]);

    const watch = await calendar.watch(channel);

    expect(watch).toEqual({ resourceId: "sub-1", expiresAt: "2027-01-11T11:50:00.000Z" });
    expect(asked[0]).toMatchObject({ method: "POST", path: "/subscriptions" });
    expect(asked[0]?.headers.get("prefer")).toContain('IdType="ImmutableId"');
    expect(asked[0]?.body).toEqual({
      changeType: "created,updated,deleted",
      notificationUrl: channel.address,
      lifecycleNotificationUrl: channel.address,
      resource: `/users/${encodeURIComponent(ROOM)}/events`,
      expirationDateTime: "2027-01-11T11:50:00.000Z",
      clientState: channel.token,
    });
  });

  test("S48: a refused handshake or address, and a token too long for clientState, are WATCH_REFUSED", async () => {
    const { calendar, asked } = scripted([failure(400, "ValidationError")]);

    expect(await codeOf(calendar.watch(channel))).toBe("WATCH_REFUSED");
    expect(await codeOf(calendar.watch({ ...channel, token: "x".repeat(129) }))).toBe("WATCH_REFUSED");
    expect(asked).toHaveLength(1);
  });

  test("S28: our own subscription before makes way for its successor; another's is left standing", async () => {
    const standing = [
      { id: "other-room", resource: "users/lobby@contoso.example/events", notificationUrl: channel.address },
      { id: "other-address", resource: `Users/${ROOM}/Events`, notificationUrl: "https://other.example/push" },
      { id: "former", resource: `Users/${ROOM}/Events`, notificationUrl: channel.address },
    ];
    const conflict = () => failure(409, "ExtensionError");
    const ours = scripted([
      conflict(),
      json({ value: standing }),
      new Response(null, { status: 204 }),
      opened("sub-2"),
    ]);
    const theirs = scripted([conflict(), json({ value: standing.slice(0, 2) }), conflict()]);

    expect((await ours.calendar.watch(channel)).resourceId).toBe("sub-2");
    expect(await codeOf(theirs.calendar.watch(channel))).toBe("WATCH_REFUSED");

    expect(ours.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /subscriptions",
      "GET /subscriptions",
      "DELETE /subscriptions/former",
      "POST /subscriptions",
    ]);
    expect(theirs.asked.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
  });

  test("stopping one that is unknown or expired is success", async () => {
    const { calendar, asked } = scripted([new Response(null, { status: 204 }), failure(404, "ResourceNotFound")]);

    await calendar.stop({ id: "channel-1", resourceId: "sub-1" });
    await calendar.stop({ id: "channel-1", resourceId: "sub-1" });

    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill("DELETE /subscriptions/sub-1"));
  });
});
