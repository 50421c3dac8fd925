import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedWebhook } from "./credentials.ts";
import { openRig, type Rig } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";

/** Every function, and what is not one. */
const PATHS: readonly (readonly [edge: string, path: string])[] = [
  ["booking-webhook", "/booking-webhook/loft/uschedule"],
  ["gcal-push", "/gcal-push"],
  ["api", "/api/keys"],
  ["sync", "/sync"],
  ["calendar-pull", "/calendar-pull"],
  ["dead-letter", "/dead-letter"],
  ["source-poll", "/source-poll"],
  ["sweep", "/sweep"],
  ["watch-renewal", "/watch-renewal"],
  ["(no function)", "/nothing/here"],
];

const BODY = JSON.stringify({ AppointmentID: 4711, ResourceName: "Bay 1" });

/** Bytes that are nearly a request, and whether the sender hangs up behind them. */
interface Broken {
  readonly what: string;
  readonly bytes: (path: string, host: string) => string | Buffer;
  readonly hangUp?: boolean;
}

const head = (path: string, ...lines: string[]) => [`POST ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");

const BROKEN: readonly Broken[] = [
  { what: "no HTTP", bytes: () => "hello, is this the studio?\r\n\r\n" },
  { what: "TLS", bytes: () => Buffer.from("16030100f8010000f40303aabbccddeeff00112233445566778899", "hex") },
  { what: "HTTP/2", bytes: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
  { what: "an unknown version", bytes: (path, host) => `POST ${path} HTTP/9.9\r\nhost: ${host}\r\n\r\n` },
  { what: "an unknown method", bytes: (path, host) => `GRAB ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n` },
  { what: "no host", bytes: (path) => head(path, "content-length: 0") },
  { what: "no host, by HTTP/1.0", bytes: (path) => `POST ${path} HTTP/1.0\r\n\r\n` },
  { what: "two hosts", bytes: (path, host) => head(path, `host: ${host}`, "host: evil.example", "content-length: 0") },
  {
    what: "an absolute address",
    bytes: (path, host) => head(`http://${host}${path}`, `host: ${host}`, "content-length: 0"),
  },
  { what: "an asterisk", bytes: (_path, host) => `OPTIONS * HTTP/1.1\r\nhost: ${host}\r\n\r\n` },
  { what: "a tunnel", bytes: (_path, host) => `CONNECT evil.example:443 HTTP/1.1\r\nhost: ${host}\r\n\r\n` },
  {
    what: "an upgrade",
    bytes: (path, host) => head(path, `host: ${host}`, "connection: upgrade", "upgrade: h2c", "content-length: 0"),
  },
  {
    what: "two lengths",
    bytes: (path, host) => head(path, `host: ${host}`, "content-length: 2", "content-length: 3") + BODY,
  },
  { what: "a length that is none", bytes: (path, host) => head(path, `host: ${host}`, "content-length: many") + BODY },
  { what: "a length below nothing", bytes: (path, host) => head(path, `host: ${host}`, "content-length: -1") + BODY },
  {
    what: "a length beyond all numbers",
    bytes: (path, host) => head(path, `host: ${host}`, `content-length: ${"9".repeat(30)}`),
  },
  { what: "a huge length", bytes: (path, host) => head(path, `host: ${host}`, "content-length: 999999999999") },
  {
    what: "a length and chunks",
    bytes: (path, host) => `${head(path, `host: ${host}`, "content-length: 4", "transfer-encoding: chunked")}0\r\n\r\n`,
  },
  { what: "an unknown transfer", bytes: (path, host) => head(path, `host: ${host}`, "transfer-encoding: gzip") + BODY },
  {
    what: "gzip in chunks that is none",
    bytes: (path, host) => `${head(path, `host: ${host}`, "transfer-encoding: gzip, chunked")}4\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    what: "a chunk without a size",
    bytes: (path, host) => `${head(path, `host: ${host}`, "transfer-encoding: chunked")}zz\r\nabcd\r\n`,
  },
  {
    what: "a chunk of another size",
    bytes: (path, host) => `${head(path, `host: ${host}`, "transfer-encoding: chunked")}2\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    what: "a huge chunk extension",
    bytes: (path, host) =>
      `${head(path, `host: ${host}`, "transfer-encoding: chunked")}4;a=${"x".repeat(20_000)}\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    what: "half a body",
    bytes: (path, host) => `${head(path, `host: ${host}`, "content-length: 100")}{"data":`,
    hangUp: true,
  },
  {
    what: "half a chunk",
    bytes: (path, host) => `${head(path, `host: ${host}`, "transfer-encoding: chunked")}64\r\n{"data":`,
    hangUp: true,
  },
  { what: "half a head", bytes: (path, host) => `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-le`, hangUp: true },
  {
    what: "an unmet expectation",
    bytes: (path, host) => head(path, `host: ${host}`, "expect: a miracle", "content-length: 0"),
  },
  { what: "a head too large", bytes: (path, host) => head(path, `host: ${host}`, `x-large: ${"x".repeat(20_000)}`) },
  {
    what: "too many headers",
    bytes: (path, host) => head(path, `host: ${host}`, ...Array.from({ length: 3_000 }, (_, n) => `x${n}: 1`)),
  },
  { what: "an address too long", bytes: (path, host) => head(`${path}?${"x".repeat(20_000)}`, `host: ${host}`) },
  { what: "a header without a colon", bytes: (path, host) => head(path, `host: ${host}`, "nonsense") },
  {
    what: "a header with a space in its name",
    bytes: (path, host) => head(path, `host: ${host}`, "content length: 2"),
  },
  { what: "a NUL in a header", bytes: (path, host) => head(path, `host: ${host}`, "x-nul: a\0b") },
  {
    what: "a folded header",
    bytes: (path, host) => head(path, `host: ${host}`, "x-folded: a\r\n b", "content-length: 0"),
  },
  { what: "bare line feeds", bytes: (path, host) => `POST ${path} HTTP/1.1\nhost: ${host}\n\n` },
  { what: "a space in the address", bytes: (path, host) => head(`${path}/a b`, `host: ${host}`) },
  { what: "a control character in the address", bytes: (path, host) => head(`${path}/\x07`, `host: ${host}`) },
];

describe("broken HTTP", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  }, TIMEOUT_MS);
  afterAll(() => rig.close());

  for (const { what, bytes, hangUp = false } of BROKEN) {
    test(`${what} is answered on every edge with a problem or what its rest deserves, and does nothing`, async () => {
      for (const [edge, path] of PATHS) {
        rig.effects();
        const answer = await rig.askBytes(edge, Buffer.from(bytes(path, `localhost:${rig.port}`)), hangUp);

        expect(answer.status, edge).toBeGreaterThanOrEqual(400);
        expect(rig.effects(), edge).toEqual({ reads: [], writes: [], published: [], calls: [] });
      }
    });
  }

  test("a genuine request cut off anywhere, or with bytes changed, is a success or a problem", async () => {
    const body = Buffer.from(BODY);
    await tryLaw({
      arbitrary: fc.record({
        at: fc.nat(600),
        cut: fc.boolean(),
        bytes: fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 3 }),
      }),
      holds: async ({ at, cut, bytes }) => {
        const headers = [...signedWebhook(body), ["content-length", String(body.length)]].map((pair) =>
          pair.join(": "),
        );
        const whole = Buffer.from(
          head("/booking-webhook/loft/uschedule", `host: localhost:${rig.port}`, ...headers) + BODY,
        );
        for (const [place, byte] of bytes) whole[place % whole.length] = byte;
        rig.effects();
        const sent = cut ? whole.subarray(0, 1 + (at % (whole.length - 1))) : whole;
        const answer = await rig.askBytes("booking-webhook", sent, true);
        const { published, ...rest } = rig.effects();
        expect(rest).toEqual({ reads: [], writes: [], calls: [] });
        expect(published.length).toBe(answer.status === 202 ? 1 : 0);
      },
      show: (value) => JSON.stringify(value),
      share: 10,
    });
  });

  test("two requests in one breath are answered in turn: a broken second does not spoil the first", async () => {
    const one = `GET /health HTTP/1.1\r\nhost: localhost:${rig.port}\r\n\r\n`;
    const answer = await rig.askBytes("(no function)", Buffer.from(`${one}nonsense\r\n\r\n`));

    expect(answer.status).toBe(200);
  });

  test("after all of it a genuine request is taken", async () => {
    const body = Buffer.from(BODY);
    const sent = { method: "POST", target: "/booking-webhook/loft/uschedule", headers: signedWebhook(body), body };

    expect((await rig.ask("booking-webhook", sent)).status).toBe(202);
  });
});
