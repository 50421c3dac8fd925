import { createServer, request, type Server } from "node:http";
import type { request as secureRequest } from "node:https";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { SourceConnection } from "../../../shared/ports/provider.ts";
import { feedAddress, isPublic } from "../../../shared/providers/ical/address.ts";
import { EVERYWHERE, openFeeds } from "../../../shared/providers/ical/fetch-feed.ts";
import { getBy, MAX_BYTES, publicOnly } from "../../../shared/providers/ical/guarded-get.ts";
import { ical } from "../../../shared/providers/ical/index.ts";
import type { Settings } from "../../../shared/providers/ical/schema.ts";
import { openIcalBench } from "../../contract/ical-bench.ts";
import { bookPriya, WINDOW } from "../../contract/source-bench.ts";
import { manualClock } from "../../fakes/manual-clock.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";
import { AIRBNB, calendar, reserved } from "../../stays/feeds.ts";

const SECRET = "https://www.airbnb.com/calendar/ical/1234.ics?s=0123456789abcdef";

function connect(secret: string, root = EVERYWHERE): SourceConnection<Settings> {
  return {
    settings: ical.settings.parse({ feeds: { cottage: { property: "Seaside Cottage", urlSecret: "cottage-feed" } } }),
    root,
    timeZone: "Europe/London",
    secrets: { read: async () => secret },
    clock: manualClock(),
    fetch: () => Promise.reject(new Error("not by this way")),
    memory: fakeMemory(),
  };
}

describe("a feed's address", () => {
  test("webcal and http mean https; blanks around it do not count", () => {
    for (const text of ["webcal://a.example/x.ics", " http://a.example/x.ics\n", "https://a.example/x.ics"]) {
      expect(feedAddress("cottage", text).href).toBe("https://a.example/x.ics");
    }
  });

  test.each([
    ...[
      "https://127.0.0.1/x",
      "https://localhost/x",
      "https://10.1.2.3/x",
      "https://192.168.0.9/x",
      "https://172.20.0.1/x",
    ],
    ...["https://169.254.169.254/computeMetadata/v1/", "https://metadata.google.internal/x", "https://100.64.0.1/x"],
    ...[
      "https://[::1]/x",
      "https://[fd00::1]/x",
      "https://[fe80::1]/x",
      "https://[::ffff:10.0.0.1]/x",
      "https://0.0.0.0/x",
    ],
    ...[
      "https://2130706433/x",
      "https://0x7f.1/x",
      "https://printer/x",
      "https://user:pw@a.example/x",
      "ftp://a.example/x",
    ],
    ...[
      "https://a.example:8443/x",
      "file:///etc/passwd",
      "seaside cottage calendar",
      "https://[64:ff9b::a00:1]/x",
      "https://224.0.0.1/x",
    ],
  ])("%s is refused, and not repeated in the error", (text) => {
    expect(() => feedAddress("cottage", text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(() => feedAddress("cottage", text)).not.toThrow(text.slice(8));
  });

  test("public addresses are those that the whole world reaches", () => {
    expect(["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"].map(isPublic)).toEqual([true, true, true]);
    expect(["203.0.113.9", "198.18.0.1", "2001:db8::1", "::"].map(isPublic)).toEqual([false, false, false, false]);
  });

  test("a name that leads home is not connected to", async () => {
    const answered = await new Promise((settle) => publicOnly("localhost", {}, (error) => settle(error?.message)));

    expect(answered).toContain("private network");
  });

  test("each feed needs one, and the error names the feed and not the address", async () => {
    const settings = ical.settings.parse({ feeds: { cottage: { property: "Seaside Cottage" } } });
    const without = ical.connect({ ...connect(SECRET), settings });
    const inside = ical.connect(connect("https://10.0.0.7/calendar/secret.ics"));

    await expect(without.list(WINDOW)).rejects.toThrow("urlSecret");
    await expect(inside.list(WINDOW)).rejects.toThrow(/^(?!.*(secret\.ics|10\.0\.0\.7)).*cottage/s);
  });
});

describe("getting", () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  /** Plain HTTP on this machine, through the very code that gets feeds. */
  async function serve(answer: Parameters<typeof createServer>[1]) {
    const listening = createServer(answer as never); // the overload with options first is not meant
    server = listening;
    await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
    const address = listening.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    // Proof: both take the same arguments; only the socket differs.
    const get = getBy(request as typeof secureRequest, (_host, _options, settle) =>
      settle(null, [{ address: "127.0.0.1", family: 4 }]),
    );
    return { get, url: new URL(`http://feeds.example:${port}/x.ics`) };
  }

  test("a packed body is unpacked, and the name that was asked for is told to the host", async () => {
    const told: (string | undefined)[] = [];
    const { get, url } = await serve((asked, response) => {
      told.push(asked.headers.host, String(asked.headers["accept-encoding"]));
      response.writeHead(200, { "content-encoding": "gzip", etag: '"1"' }).end(gzipSync("BEGIN:VCALENDAR"));
    });

    const got = await get(url, {});

    expect([got.status, got.header("etag"), new TextDecoder().decode(got.body)]).toEqual([
      200,
      '"1"',
      "BEGIN:VCALENDAR",
    ]);
    expect(told).toEqual([url.host, "gzip, deflate, br"]);
  });

  test("what unpacks to more than any calendar is not read to its end", async () => {
    const { get, url } = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(MAX_BYTES * 3)));
    });

    await expect(get(url, {})).rejects.toThrow(`${MAX_BYTES}`);
  });

  test("a body that breaks off is a failure", async () => {
    const { get, url } = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("BEGIN:VCALENDAR", () => response.destroy());
    });

    await expect(get(url, {})).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});

describe("asking politely", () => {
  const text = calendar(AIRBNB, reserved("a", "2027-02-07", "2027-02-09", "HMANN00001"));

  /** A stand-in that answers by the path, and remembers what it was asked. */
  function standIn(answers: Readonly<Record<string, () => Response>>) {
    const asked: { path: string; headers: Headers }[] = [];
    const fetch: SourceConnection<Settings>["fetch"] = async (input, init) => {
      const { pathname } = new URL(String(input));
      asked.push({ path: pathname, headers: new Headers(init?.headers) });
      return answers[pathname]?.() ?? new Response("none", { status: 404 });
    };
    return { asked, connection: { ...connect(SECRET, "http://sandbox/ical"), fetch } };
  }

  test("what was told as ETag and Last-Modified is asked for the next time; unchanged is as it was", async () => {
    const headers = { etag: '"v1"', "last-modified": "Sat, 01 May 2027 10:00:00 GMT" };
    let answer = () => new Response(text, { headers });
    const { asked, connection } = standIn({ "/ical/cottage.ics": () => answer() });
    const source = ical.connect(connection);
    const first = await source.list(WINDOW);
    answer = () => new Response(null, { status: 304 });
    (connection.clock as ReturnType<typeof manualClock>).advance(11 * 60_000);

    const second = await source.list(WINDOW);

    expect(asked[1]?.headers.get("if-none-match")).toBe('"v1"');
    expect(asked[1]?.headers.get("if-modified-since")).toBe("Sat, 01 May 2027 10:00:00 GMT");
    expect(second.bookings).toEqual(first.bookings);
    expect(second).toMatchObject({ complete: true, unread: [], notices: [] });
  });

  test("another instance goes on from what one knew: the same ids, and no unneeded call", async () => {
    const { asked, connection } = standIn({ "/ical/cottage.ics": () => new Response(text) });
    const [booking] = (await ical.connect(connection).list(WINDOW)).bookings;
    const id = booking?.id ?? "";

    const read = await ical.connect(connection).read([{ id }]);

    expect(read.get(id)).toEqual(booking);
    expect(asked).toHaveLength(1);
  });

  test("a redirection is followed three times, each hop within what is allowed, and not a fourth time", async () => {
    const to = (path: string) => () => new Response(null, { status: 302, headers: { location: path } });
    const { connection, asked } = standIn({
      ...{ "/ical/cottage.ics": to("/b"), "/b": to("/c"), "/c": to("/d"), "/d": () => new Response(text) },
    });
    const endless = standIn({ "/ical/cottage.ics": to("/ical/cottage.ics") });
    const outside = standIn({ "/ical/cottage.ics": to("http://169.254.169.254/latest") });

    expect((await ical.connect(connection).list(WINDOW)).bookings).toHaveLength(1);
    expect(asked.map(({ path }) => path)).toEqual(["/ical/cottage.ics", "/b", "/c", "/d"]);
    await expect(ical.connect(endless.connection).list(WINDOW)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    await expect(ical.connect(outside.connection).list(WINDOW)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("a host that wants to be left alone is: no call before the time it names", async () => {
    const { asked, connection } = standIn({
      "/ical/cottage.ics": () => new Response("", { status: 429, headers: { "retry-after": "3600" } }),
    });
    const feeds = openFeeds(connection);

    await expect(feeds("cottage", {})).rejects.toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      retryAfterMs: 3_600_000,
    });
    await expect(feeds("cottage", {})).rejects.toMatchObject({ code: "PROVIDER_RATE_LIMITED" });
    expect(asked).toHaveLength(1);
  });

  test("a feed that is gone says what to do, and its stays stay", async () => {
    const bench = openIcalBench();
    const id = await bookPriya(bench);
    await bench.stage.fail({ api: "ical", path: "/ical/boat.ics", kinds: ["status=404"], times: null });

    const listing = await bench.source.list(WINDOW);

    expect(listing).toMatchObject({ bookings: [{ id }], complete: true });
    expect(listing.notices).toEqual([
      { kind: "feed-unreadable", subject: "boat", detail: expect.stringContaining("new address") },
    ]);
    bench.close();
  });
});
