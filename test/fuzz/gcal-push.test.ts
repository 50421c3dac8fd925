import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePushToken, type PushClaims } from "../../shared/edge/push-token.ts";
import { messageOf } from "../../shared/topics/calendar-touched.ts";
import { pushHeaders } from "./credentials.ts";
import { detailOf } from "./lawful.ts";
import { mutatedPath, oddQuery, twist } from "./mutate-http.ts";
import { ODD_TEXTS } from "./odd-values.ts";
import { openRig, PUSH_KEY, type Rig } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";
import { type Sent, showSent } from "./send.ts";

const EDGE = "gcal-push";
const PATH = "/gcal-push";
const CLAIMS: PushClaims = { ws: "loft", calendarId: "loft-bay-1@sandbox", channelId: "c4f1d0" };

/** Claims as a key of ours would sign them, whatever they say: as long as they fit into a token. */
const odd = fc
  .record({
    ws: fc.constantFrom("loft", "villa", "nowhere", "constructor", "-"),
    calendarId: fc.oneof(
      fc.constantFrom("loft-bay-1@sandbox", "villa-bay-1@sandbox"),
      fc.constantFrom(...ODD_TEXTS),
      fc.string({ unit: "binary", maxLength: 30 }),
    ),
    channelId: fc.constantFrom("c4f1d0", "__proto__", "a-b_c"),
  })
  .filter((claims) => claims.calendarId !== "" && Buffer.byteLength(claims.calendarId) < 120);
const state = fc.constantFrom("exists", "not_exists", "sync", "SYNC", "", "\u00e9", "x".repeat(3_000));

function push(headers: Sent["headers"], change: Partial<Sent> = {}): Sent {
  return { method: "POST", target: PATH, headers, body: Buffer.alloc(0), ...change };
}

function withHeader(name: string, change: (value: string) => string): Sent {
  return push(pushHeaders(CLAIMS).map(([each, value]) => [each, each === name ? change(value) : value]));
}

describe("gcal-push, whatever is sent", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  }, TIMEOUT_MS);
  afterAll(async () => {
    process.stdout.write(`${rig.coverage.table()}\n`);
    await rig.close();
  });

  test("every answer is a success or a problem, never a failure of ours", async () => {
    const path = fc.oneof({ arbitrary: fc.constant(PATH), weight: 3 }, mutatedPath(`${PATH}/`, 1));
    const body = fc.constantFrom("", "{}", "not json", "x".repeat(300_000)).map((text) => Buffer.from(text));
    await tryLaw({
      arbitrary: fc
        .tuple(odd, state, path, oddQuery, body, twist)
        .map(([claims, word, target, query, content, change]) =>
          change(push(pushHeaders(claims, { state: word }), { target: `${target}${query}`, body: content })),
        ),
      holds: async (sent) => {
        await rig.ask(EDGE, sent);
      },
      show: showSent,
      share: 3,
    });
  });

  test("a token that is missing, forged, altered or of another channel does nothing", async () => {
    const token = makePushToken(CLAIMS, PUSH_KEY);
    const [, ws = "", calendar = "", channel = "", mac = ""] = token.split(".");
    const bit = fc
      .nat(token.length - 1)
      .map((at) => token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1));
    const forged = fc.oneof(
      // The last letter holds four bits of padding, which nothing signs and nothing reads.
      bit.filter((text) => text.slice(0, -1) !== token.slice(0, -1)),
      fc.nat(token.length - 1).map((at) => token.slice(0, at)),
      fc.constantFrom(
        "",
        "v1",
        `v2.${ws}.${calendar}.${channel}.${mac}`,
        `v1.villa.${calendar}.${channel}.${mac}`,
        `v1.${ws}.${Buffer.from("villa-bay-1@sandbox").toString("base64url")}.${channel}.${mac}`,
        `v1.${ws}.${calendar}.${channel}.${"A".repeat(22)}`,
        `v1.${ws}.${calendar}.${channel}.`,
        `${token}.`,
        `${token} ${token}`,
        `${token}, ${token}`,
        makePushToken(CLAIMS, "push-key-of-2026"),
        makePushToken(CLAIMS, ""),
        token.toUpperCase(),
        "x".repeat(10_000),
        "\u00e9".repeat(300),
        ".".repeat(300),
      ),
    );
    await tryLaw({
      arbitrary: fc.oneof(
        forged.map((text) => withHeader("x-goog-channel-token", () => text)),
        fc.constantFrom("", "c4f1d1", "C4F1D0").map((id) => withHeader("x-goog-channel-id", () => id)),
        fc.constant(push([])),
        fc.constant(push(pushHeaders(CLAIMS).filter(([name]) => name !== "x-goog-channel-id"))),
      ),
      holds: async (sent) => {
        rig.effects();
        const answer = await rig.ask(EDGE, sent);
        expect(answer.status).toBe(401);
        expect(detailOf(answer)).toMatch(/token/);
        expect(rig.effects()).toEqual({ reads: [], writes: [], published: [], calls: [] });
      },
      show: showSent,
    });
  });

  test("a genuine push is published as its token says, whatever its other headers and body are", async () => {
    const extra = fc.constantFrom<Sent["headers"][number]>(
      ["x-goog-message-number", "-1"],
      ["x-goog-resource-uri", "https://evil.example/"],
      ["x-goog-channel-expiration", "Tue, 30 Feb 2027 25:61:00 GMT"],
      ["x-goog-changed", "\u00e9,,"],
    );
    await tryLaw({
      arbitrary: fc.tuple(odd, state, extra).map(([claims, word, header]) => ({
        claims,
        word,
        sent: push([...pushHeaders(claims, { state: word }), header]),
      })),
      holds: async ({ claims, word, sent }) => {
        rig.effects();
        const answer = await rig.ask(EDGE, sent);
        expect(answer.status).toBe(204);
        const { published, ...rest } = rig.effects();
        expect(rest).toEqual({ reads: [], writes: [], calls: [] });
        const { ws, channelId } = claims;
        const calendarId = Buffer.from(claims.calendarId).toString();
        const { data } = messageOf({ ws, calendarId, via: "push", channelId });
        expect(published).toEqual(word === "sync" ? [] : [{ topic: "calendar-touched", data, ws }]);
      },
      show: ({ sent }) => showSent(sent),
    });
  });

  test("a push for one workspace's calendar never wakes another's", async () => {
    const villa = { ws: "villa", calendarId: "villa-bay-1@sandbox", channelId: "c4f1d0" };
    await tryLaw({
      arbitrary: fc
        .tuple(oddQuery, twist)
        .map(([query, change]) => change(push(pushHeaders(villa), { target: PATH + query }))),
      holds: async (sent) => {
        rig.effects();
        await rig.ask(EDGE, sent);
        expect(rig.effects().published.filter(({ ws }) => ws !== "villa")).toEqual([]);
      },
      show: showSent,
    });
  });

  test("after all of it a genuine push is taken, and everything accepted is worked on or kept", async () => {
    const answer = await rig.ask(EDGE, push(pushHeaders(CLAIMS)));
    rig.lines();
    rig.effects();
    await rig.deliverAll();

    expect(answer.status).toBe(204);
    expect(await rig.store("loft").get({ collection: "calendars", id: CLAIMS.calendarId })).toBeDefined();
    expect(rig.lines().filter(({ fields }) => fields["code"] === "INTERNAL")).toEqual([]);
    expect(rig.coverage.neverReached([EDGE])).toEqual([]);
  });
});
