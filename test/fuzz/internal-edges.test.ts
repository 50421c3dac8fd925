import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { documentId } from "../../shared/flows/document-id.ts";
import { CalendarTouched, messageOf } from "../../shared/topics/calendar-touched.ts";
import { Observation } from "../../shared/topics/observations.ts";
import { goodClaims, ourToken, tokenOf, wrongTokens } from "./credentials.ts";
import { detailOf, GUEST } from "./lawful.ts";
import { asBody, envelopeOf, inboxEnvelope, inboxEnvelopes, WEBHOOK } from "./messages.ts";
import { mutatedPath, oddQuery, twist } from "./mutate-http.ts";
import { mutatedBody, mutatedText } from "./mutate-json.ts";
import { ODD_TEXTS } from "./odd-values.ts";
import { NOW, openRig, type Rig, type Workspace } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";
import { type Sent, showSent } from "./send.ts";

const SPAN = {
  kind: "timed",
  start: "2027-01-12T09:00:00.000Z",
  end: "2027-01-12T10:00:00.000Z",
  zone: "Europe/London",
};
const RUN = { id: "poll-uschedule", complete: true, absent: 0 };
const HEAD = { ws: "loft", resource: "bay-1", run: RUN, seenAt: NOW };

const BOOKING_SEEN = {
  kind: "booking-seen",
  ...HEAD,
  source: "uschedule",
  items: [
    {
      bookingId: "4711",
      evidence: "seen",
      around: SPAN,
      hash: "h1",
      deliveryId: "msg_1",
      cancelled: false,
      force: true,
    },
    { bookingId: "4712", evidence: "missing", supersedes: "4711" },
  ],
};
const EVENT_SEEN = {
  kind: "event-seen",
  ...HEAD,
  calendarId: "loft-bay-1@sandbox",
  items: [
    {
      eventId: "lockstep1a2b3c",
      calendarId: "loft-bay-1@sandbox",
      state: "live",
      etag: '"1"',
      updated: NOW,
      content: { span: SPAN, title: GUEST, description: GUEST },
      properties: { uscheduleAppointmentId: "4711", loftSyncManaged: "true" },
      iCalUid: "a@google.com",
    },
    { eventId: "e2", calendarId: "loft-bay-1@sandbox", state: "deleted", content: {}, properties: {}, hint: true },
  ],
};
const TOUCHED = { ws: "loft", calendarId: "loft-bay-1@sandbox", via: "push", channelId: "c4f1d0" };

interface Subscriber {
  readonly edge: string;
  /** What its topic takes; none for the edge that keeps whatever it is. */
  readonly schema?: z.ZodType;
  readonly payloads: readonly object[];
}

const SUBSCRIBERS: readonly Subscriber[] = [
  { edge: "sync", schema: Observation, payloads: [BOOKING_SEEN, EVENT_SEEN] },
  { edge: "calendar-pull", schema: CalendarTouched, payloads: [TOUCHED] },
  { edge: "dead-letter", payloads: [BOOKING_SEEN, EVENT_SEEN, TOUCHED] },
];
const TICKS = ["source-poll", "sweep", "watch-renewal"] as const;
/** Takes what booking systems publish: signed bodies of theirs, no schema of ours. */
const INBOX = "booking-inbox";
const EDGES = [...SUBSCRIBERS.map(({ edge }) => edge), INBOX, ...TICKS];
const NOTHING = { reads: [], writes: [], published: [], calls: [] };

/** Envelopes of mutated messages, and mutated envelopes of good ones. */
function envelopes({ payloads }: Subscriber): fc.Arbitrary<Buffer> {
  const text = fc.oneof(...payloads.map((payload) => mutatedText(payload)));
  const good = fc.constantFrom(...payloads.map((payload) => JSON.stringify(payload)));
  const message = fc.oneof(
    fc.constantFrom(...ODD_TEXTS).map((messageId) => ({ messageId })),
    fc.constantFrom(...ODD_TEXTS).map((ws) => ({ attributes: { ws } })),
    fc.constantFrom(...ODD_TEXTS, "a".repeat(2_000)).map((key) => ({ attributes: { ws: "loft", [key]: "x" } })),
    fc.constantFrom(...ODD_TEXTS).map((value) => ({ attributes: { ws: "loft", resource: value } })),
    fc.constantFrom(...ODD_TEXTS).map((orderingKey) => ({ attributes: undefined, orderingKey })),
    fc.constantFrom(undefined, "", "A", "A===", "====", "eyJh-_", "eyJh\n", "\u00e9", "e30").map((data) => ({ data })),
    fc
      .constantFrom(
        ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59-23:59", "2027-01-10T08:00Z"],
        ...["0000-01-01T00:00:00+23:59", "2027-02-29T00:00:00Z", "1970-01-01T00:00:00Z", "2027-01-10", "yesterday", ""],
      )
      .map((publishTime) => ({ publishTime })),
  );
  const attempt = fc.constantFrom(1, 2, 100, 0, -1, 1.5, 1e300, "1", null);
  return fc.oneof(
    { arbitrary: text.map((data) => Buffer.from(JSON.stringify(envelopeOf(data)))), weight: 4 },
    {
      arbitrary: fc.tuple(good, message).map(([data, change]) => Buffer.from(JSON.stringify(envelopeOf(data, change)))),
      weight: 3,
    },
    {
      arbitrary: fc
        .tuple(good, attempt)
        .map(([data, deliveryAttempt]) => Buffer.from(JSON.stringify({ ...envelopeOf(data), deliveryAttempt }))),
      weight: 1,
    },
    { arbitrary: good.chain((data) => mutatedBody(envelopeOf(data))), weight: 3 },
  );
}

const TICK = { ws: "loft", source: "uschedule" };

function bodiesOf(edge: string): fc.Arbitrary<Buffer> {
  if (edge === INBOX) return inboxEnvelopes();
  const subscriber = SUBSCRIBERS.find((each) => each.edge === edge);
  return subscriber === undefined ? fc.oneof(mutatedBody(TICK), fc.constant(Buffer.alloc(0))) : envelopes(subscriber);
}

function goodBodyOf(edge: string): Buffer {
  if (edge === INBOX) return asBody(inboxEnvelope(WEBHOOK));
  const subscriber = SUBSCRIBERS.find((each) => each.edge === edge);
  const [payload = {}] = subscriber?.payloads ?? [];
  return Buffer.from(JSON.stringify(subscriber === undefined ? TICK : envelopeOf(JSON.stringify(payload))));
}

function post(edge: string, headers: Sent["headers"], body: Buffer, target = `/${edge}`): Sent {
  return { method: "POST", target, headers, body };
}

/** Ticks look at everything each time. */
function shareOf(edge: string): number {
  return edge === "sweep" || edge === "watch-renewal" ? 0.3 : 1;
}

describe("internal edges, whatever is sent", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  let token: Sent["headers"];
  beforeAll(async () => {
    rig = await openRig();
    token = await ourToken(rig);
  }, TIMEOUT_MS);
  afterAll(async () => {
    process.stdout.write(`${rig.coverage.table()}\n`);
    await rig.close();
  });

  for (const edge of EDGES) {
    test(`${edge}: every answer is a success or a problem, never a failure of ours`, async () => {
      const wrong = await wrongTokens(rig);
      const headers = fc.oneof(
        { arbitrary: fc.constant(token), weight: 4 },
        {
          arbitrary: fc.constantFrom(...wrong).map(([, text]): Sent["headers"] => [["authorization", text]]),
          weight: 1,
        },
      );
      const path = fc.oneof({ arbitrary: fc.constant(`/${edge}`), weight: 4 }, mutatedPath(`/${edge}/`, 1));
      await tryLaw({
        arbitrary: fc
          .tuple(headers, bodiesOf(edge), path, oddQuery, twist)
          .map(([head, body, target, query, change]) => change(post(edge, head, body, `${target}${query}`))),
        holds: async (sent) => {
          await rig.ask(edge, sent);
        },
        show: showSent,
        share: 2 * shareOf(edge),
      });
    });

    test(`${edge}: without a token of ours nothing happens`, async () => {
      const wrong = await wrongTokens(rig);
      await tryLaw({
        arbitrary: fc.tuple(fc.constantFrom(...wrong), fc.oneof(fc.constant(goodBodyOf(edge)), bodiesOf(edge))),
        holds: async ([[, authorization], body]) => {
          rig.effects();
          const answer = await rig.ask(edge, post(edge, [["authorization", authorization]], body));
          expect(answer.status).toBe(401);
          expect(rig.effects()).toEqual(NOTHING);
        },
        show: ([[what, authorization], body]) =>
          `${what}\n${showSent(post(edge, [["authorization", authorization]], body))}`,
      });
    });

    test(`${edge}: a token with other claims opens only where issuer, audience, time and account are right`, async () => {
      const claims = goodClaims(rig);
      await tryLaw({
        arbitrary: mutatedText(claims),
        holds: async (text) => {
          const given = readObject(text);
          const bearer = given === undefined ? undefined : await tokenOf(given, rig.issuerKey).catch(() => undefined);
          if (given === undefined || bearer === undefined || bearer.length > 12_000) return;
          rig.effects();
          const answer = await rig.ask(edge, post(edge, [["authorization", `Bearer ${bearer}`]], Buffer.from("[1]")));
          expect(answer.status === 401).toBe(!isGood(given, claims));
          if (isGood(given, claims)) return;
          expect(rig.effects()).toEqual(NOTHING);
        },
        show: (text) => text.slice(0, 1_500),
        share: shareOf(edge),
      });
    });
  }

  for (const subscriber of SUBSCRIBERS) {
    const { edge, schema } = subscriber;

    test(`${edge}: a malformed message is refused by the name of the place, or kept as a dead letter`, async () => {
      await tryLaw({
        arbitrary: envelopes(subscriber),
        holds: async (body) => {
          rig.effects();
          rig.lines();
          const answer = await rig.ask(edge, post(edge, token, body));
          const { writes, published, calls } = rig.effects();
          const lines = rig.lines();
          if (answer.status !== 204) {
            expect([writes, published, calls]).toEqual([[], [], []]);
            expect(detailOf(answer)).toMatch(/body|message|UTF-8|kB/);
            return;
          }
          const told = readEnvelope(body);
          const kept = lines.some(({ message }) => message === "message kept as dead letter");
          const said = lines.some(
            ({ message, fields }) => message === "message refused for good" && fields["code"] === "NOT_FOUND",
          );
          const again = await isKept(rig, told);
          if (schema === undefined || !schema.safeParse(readJson(told.data)).success) {
            expect([kept, said, again]).toContain(true);
            return;
          }
          expect(lines.filter(({ fields }) => OURS.includes(String(fields["code"])))).toEqual([]);
        },
        show: (body) => showSent(post(edge, token, body)),
        share: 3,
      });
    });

    test(`${edge}: a message of one workspace touches no other`, async () => {
      const payloads = subscriber.payloads.map((payload) => ({ ...payload, ws: "villa" }));
      const body = fc
        .oneof(...payloads.map((payload) => mutatedText(payload)))
        .filter((text) => readObject(text)?.["ws"] === "villa")
        .map((text) =>
          Buffer.from(JSON.stringify(envelopeOf(text, { attributes: { ws: "villa" }, orderingKey: "villa/x" }))),
        );
      await tryLaw({
        arbitrary: body,
        holds: async (content) => {
          rig.effects();
          await rig.ask(edge, post(edge, token, content));
          const { reads, writes, published, calls } = rig.effects();
          expect(
            [...reads, ...writes.map((write) => write.split(" ")[0]), ...published.map(({ ws }) => ws)].filter(
              (ws) => ws !== "villa",
            ),
          ).toEqual([]);
          expect(calls.filter((call) => call.includes("loft-bay"))).toEqual([]);
        },
        show: (content) => showSent(post(edge, token, content)),
      });
    });
  }

  for (const { edge } of SUBSCRIBERS) {
    test(`${edge}: a message as large as an edge takes is kept, with its beginning, and one larger is refused`, async () => {
      for (const data of ["x".repeat(7_000_000), '"'.repeat(990_000), "\u0000".repeat(800_000)]) {
        const envelope = envelopeOf(data);
        const answer = await rig.ask(edge, post(edge, token, asBody(envelope)));

        expect(answer.status).toBe(204);
        expect(await isKept(rig, { id: envelope.message.messageId })).toBe(true);
      }
      const answer = await rig.ask(edge, post(edge, token, asBody(envelopeOf("x".repeat(9_000_000)))));
      expect(answer.status).toBe(413);
    });
  }

  test("booking-inbox: only what the workspace's own booking system signed becomes a hint, of that workspace", async () => {
    const workspaces = fc.constantFrom<Workspace>("loft", "villa");
    await tryLaw({
      arbitrary: fc.tuple(fc.oneof(fc.constant(WEBHOOK), mutatedText(JSON.parse(WEBHOOK))), workspaces, workspaces),
      holds: async ([text, ws, signedBy]) => {
        rig.effects();
        const envelope = inboxEnvelope(text, ws, signedBy);
        const answer = await rig.ask(INBOX, post(INBOX, token, asBody(envelope)));
        const { writes, published, calls } = rig.effects();

        expect([answer.status, calls]).toEqual([204, []]);
        expect(published.map((each) => each.ws)).toEqual(published.map(() => ws));
        if (ws !== signedBy) expect([published, writes]).toEqual([[], []]);
        else expect(published.length > 0 || (await isKept(rig, { id: envelope.message.messageId }, ws))).toBe(true);
      },
      show: ([text, ws, signedBy]) => `${ws} signed by ${signedBy}: ${text.slice(0, 600)}`,
    });
  });

  test("source-poll: a malformed tick is refused by the name of the place, and polls nothing", async () => {
    await tryLaw({
      arbitrary: mutatedBody(TICK),
      holds: async (body) => {
        rig.effects();
        const answer = await rig.ask("source-poll", post("source-poll", token, body));
        const { reads, writes, published, calls } = rig.effects();
        if (answer.status === 204) {
          expect(calls.length + reads.length).toBeGreaterThan(0);
          return;
        }
        expect([reads, writes, published, calls]).toEqual([[], [], [], []]);
        expect(detailOf(answer)).toMatch(/body|UTF-8|source/);
      },
      show: (body) => showSent(post("source-poll", token, body)),
    });
  });

  test("after all of it every edge does its work", async () => {
    const id = await rig.book(1, "2027-01-15T09:00:00");
    for (const edge of TICKS) expect((await rig.ask(edge, post(edge, token, Buffer.alloc(0)))).status).toBe(204);
    const { data } = messageOf({ ws: "loft", calendarId: "loft-bay-1@sandbox", via: "poll" });
    const pulled = await rig.ask("calendar-pull", post("calendar-pull", token, asBody(envelopeOf(data))));
    const seen = { ...BOOKING_SEEN, items: [{ bookingId: id, evidence: "seen" }] };
    const synced = await rig.ask("sync", post("sync", token, asBody(envelopeOf(JSON.stringify(seen)))));
    const told = await rig.ask(INBOX, post(INBOX, token, goodBodyOf(INBOX)));
    const letter = envelopeOf(JSON.stringify(seen));
    const kept = await rig.ask("dead-letter", post("dead-letter", token, asBody(letter)));

    expect([pulled.status, synced.status, told.status, kept.status]).toEqual([204, 204, 204, 204]);
    expect(await rig.eventOf("loft-bay-1@sandbox", id)).toBeDefined();
    expect(await rig.store("loft").get({ collection: "deadLetters", id: letter.message.messageId })).toBeDefined();
    expect(rig.coverage.neverReached(EDGES)).toEqual([]);
  });
});

/** Codes that speak of what was sent or of ourselves, never of a provider: with them nothing may be let go. */
const OURS: readonly string[] = ["INVALID_REQUEST", "PAYLOAD_TOO_LARGE", "INTERNAL", "CONFIG_INVALID"];

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readObject(text: string): Record<string, unknown> | undefined {
  return asObject(readJson(text));
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  // Proof: an object of JSON has names and values.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The message of an envelope that was accepted, read without the product's schemas. */
function readEnvelope(body: Buffer): { readonly id: string; readonly data: string } {
  const message = asObject(readObject(body.toString().replace(/^\ufeff/, ""))?.["message"]) ?? {};
  const data = Buffer.from(String(message["data"] ?? ""), "base64").toString();
  return { id: String(message["messageId"]), data };
}

async function isKept(rig: Rig, { id }: { readonly id: string }, ws: Workspace = "loft"): Promise<boolean> {
  const letter = await rig.store(ws).get({ collection: "deadLetters", id: documentId(id) });
  return letter !== undefined;
}

/** What the verifier must ask of claims, said again without it. */
function isGood(given: Record<string, unknown>, good: ReturnType<typeof goodClaims>): boolean {
  const { iss, aud, exp, nbf, iat, email, email_verified: verified } = given;
  const audiences = Array.isArray(aud) ? aud : [aud];
  return (
    iss === good.iss &&
    audiences.includes(good.aud) &&
    typeof exp === "number" &&
    exp > good.iat - 30 &&
    (nbf === undefined || (typeof nbf === "number" && nbf <= good.iat + 30)) &&
    (iat === undefined || typeof iat === "number") &&
    email === good.email &&
    verified === true
  );
}
