import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROUTES } from "../../functions/api/routes.ts";
import { allows, type Scope } from "../../shared/edge/scope.ts";
import { API_ROUTES, type ApiRoute, furnish, nameOf, pathOf, secretOf } from "./api-calls.ts";
import { apiKey, ourToken } from "./credentials.ts";
import { detailOf, jsonOf } from "./lawful.ts";
import { mutatedPath, oddQuery, twist } from "./mutate-http.ts";
import { mutatedBody } from "./mutate-json.ts";
import { openRig, type Rig, type Workspace } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";
import { type Sent, showSent } from "./send.ts";

const SCOPES: readonly Scope[] = ["read", "operate", "admin", "capture"];
const EDGES = API_ROUTES.map(nameOf);

function bodyOf({ body }: ApiRoute): Buffer {
  return Buffer.from(body === undefined ? "" : JSON.stringify(body));
}

function call(route: ApiRoute, key: string | undefined, change: Partial<Sent> = {}): Sent {
  const headers: Sent["headers"] = key === undefined ? [] : [["authorization", `Bearer ${key}`]];
  return { method: route.method, target: pathOf(route) + (route.query ?? ""), headers, body: bodyOf(route), ...change };
}

/** Path, query and body changed, each alone or together. */
function mutations(route: ApiRoute, ws: Workspace = "loft"): fc.Arbitrary<Partial<Sent>> {
  const path = pathOf(route, ws);
  const { query = "" } = route;
  const target = fc.oneof(
    { arbitrary: fc.constant(path + query), weight: 2 },
    { arbitrary: mutatedPath(path, 1).map((each) => each + query), weight: 2 },
    { arbitrary: oddQuery.map((each) => path + each), weight: 2 },
  );
  const body = fc.oneof({ arbitrary: fc.constant(bodyOf(route)), weight: 1 }, mutatedBody(route.body ?? { a: 1 }));
  return fc.record({ target, body: route.body === undefined ? fc.constant(bodyOf(route)) : body });
}

describe("the API, whatever is sent", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  let keys: Readonly<Record<Scope | "villa" | "revoked", string>>;
  beforeAll(async () => {
    rig = await openRig();
    const made = async (...wish: Parameters<typeof apiKey> extends [Rig, ...infer Rest] ? Rest : never) =>
      (await apiKey(rig, ...wish)).text;
    keys = {
      read: await made(["read"]),
      operate: await made(["operate"]),
      admin: await made(["admin"]),
      capture: await made(["capture"]),
      villa: await made(["admin"], { ws: "villa" }),
      revoked: await made(["admin"], { revokedAt: "2027-01-09T08:00:00.000Z" }),
    };
  }, TIMEOUT_MS);
  beforeEach(async () => {
    await furnish(rig, "loft");
    await furnish(rig, "villa");
  });
  afterAll(async () => {
    process.stdout.write(`${rig.coverage.table()}\n`);
    await rig.close();
  });

  test("every route of the API is among those tried", () => {
    const names = (routes: readonly Pick<ApiRoute, "method" | "pattern" | "scope">[]) =>
      routes.map(({ method, pattern, scope }) => `${method} ${pattern} ${scope}`).sort();

    expect(names(API_ROUTES)).toEqual(names(ROUTES));
  });

  for (const route of API_ROUTES) {
    const edge = nameOf(route);

    test(`${edge}: every answer is a success or a problem, never a failure of ours`, async () => {
      const credential = fc.constantFrom(undefined, ...Object.values(keys));
      await tryLaw({
        arbitrary: fc
          .tuple(credential, mutations(route), twist)
          .map(([key, change, twisted]) => twisted(call(route, key, change))),
        holds: async (sent) => {
          await furnish(rig, "loft");
          await rig.ask(edge, sent);
        },
        show: showSent,
        share: 1.5,
      });
    });

    test(`${edge}: without a valid key of sufficient scope nothing happens`, async () => {
      const token = await ourToken(rig);
      const unauthenticated = fc.oneof(
        altered(keys.admin).map((text): Sent["headers"] => [["authorization", `Bearer ${text}`]]),
        altered(keys.admin).map((text): Sent["headers"] => [["x-api-key", text]]),
        fc.constantFrom<Sent["headers"]>(
          [],
          token,
          [["authorization", `Bearer ${keys.revoked}`]],
          [["authorization", keys.admin]],
          [["authorization", `Basic ${keys.admin}`]],
          [["authorization", `Bearer ${keys.admin} ${keys.admin}`]],
          [["x-api-key", `${keys.admin}, ${keys.admin}`]],
          [
            ["authorization", ""],
            ["x-api-key", keys.admin],
          ],
          [["cookie", `authorization=Bearer ${keys.admin}`]],
        ),
      );
      const insufficient = SCOPES.filter((scope) => !allows([scope], route.scope)).map((scope) => keys[scope]);
      const forbidden = fc
        .constantFrom(...insufficient)
        .map((key): Sent["headers"] => [["authorization", `Bearer ${key}`]]);
      const elsewhere = call(route, keys.villa, { target: `${pathOf(route)}?ws=loft` });
      await tryLaw({
        arbitrary: fc.oneof(
          fc.tuple(unauthenticated, mutations(route)).map(([headers, change]) => ({
            sent: call(route, undefined, { ...change, headers }),
            codes: [400, 401, 404, 405, 413],
          })),
          unauthenticated.map((headers) => ({ sent: call(route, undefined, { headers }), codes: [401] })),
          forbidden.map((headers) => ({ sent: call(route, undefined, { headers }), codes: [403] })),
          fc.constant({ sent: elsewhere, codes: [403] }),
        ),
        holds: async ({ sent, codes }) => {
          rig.effects();
          const answer = await rig.ask(edge, sent);
          expect(codes).toContain(answer.status);
          const { reads, ...rest } = rig.effects();
          expect(rest).toEqual({ writes: [], published: [], calls: [] });
          expect(reads.length).toBeLessThanOrEqual(1);
        },
        show: ({ sent }) => showSent(sent),
      });
    });

    test(`${edge}: what is malformed is refused by the name of the place, and changes nothing`, async () => {
      await tryLaw({
        arbitrary: mutations(route).map((change) => call(route, keys[keyOf(route)], change)),
        holds: async (sent) => {
          await furnish(rig, "loft");
          rig.effects();
          const answer = await rig.ask(edge, sent);
          const { writes, published, calls } = rig.effects();
          if (answer.status >= 400) {
            expect([writes, published, calls]).toEqual([[], [], []]);
            expect(detailOf(answer)).toMatch(PLACES);
          } else if (sent.method === "GET") {
            const kept = route.writesThrough || route.begins ? [] : writes;
            expect([kept, published, route.asksProviders ? [] : calls]).toEqual([[], [], []]);
          } else if (route.pattern === "keys") {
            // The key, and who made it.
            expect(writes).toHaveLength(2);
          } else if (route.pattern === "sync") {
            const named = namedIn(sent.body);
            const told = published.map(({ data }) => bookingIn(data));
            if (isDryRun(jsonOf(answer))) expect(told).toEqual([]);
            else if (named !== undefined) expect(told).toEqual([named]);
            else expect(told).not.toEqual([]);
          }
        },
        show: showSent,
        share: 1.5,
      });
    });

    test(`${edge}: a key of one workspace reads and writes no other`, async () => {
      await tryLaw({
        arbitrary: fc
          .tuple(
            mutations(route, "villa"),
            twist,
            fc.constantFrom("", "?ws=loft", "?ws=loft&ws=villa", "?ws=villa&ws=loft", "?WS=loft"),
          )
          .map(([change, twisted, query]) => {
            const sent = twisted(call(route, keys.villa, change));
            return query === "" ? sent : { ...sent, target: (sent.target.split("?")[0] ?? "") + query };
          }),
        holds: async (sent) => {
          await furnish(rig, "villa");
          rig.effects();
          const answer = await rig.ask(edge, sent);
          const { reads, writes, published, calls } = rig.effects();
          const touched = [...reads, ...writes.map((write) => write.split(" ")[0]), ...published.map(({ ws }) => ws)];
          expect(touched.filter((ws) => ws !== "villa")).toEqual([]);
          expect(calls.filter((each) => each.includes("loft-bay"))).toEqual([]);
          expect(answer.body).not.toContain(secretOf("loft"));
        },
        show: showSent,
      });
    });

    test(`${edge}: after all of it the call works as meant`, async () => {
      const answer = await rig.ask(edge, call(route, keys[keyOf(route)]));

      expect(answer.status, answer.body).toBe(route.success);
    });
  }

  test("every route did what it is for, and everything accepted is worked on", async () => {
    rig.lines();
    await rig.deliverAll();

    expect(
      rig.lines().filter(({ fields }) => fields["code"] === "INVALID_REQUEST" || fields["code"] === "INTERNAL"),
    ).toEqual([]);
    expect(rig.coverage.neverReached(EDGES)).toEqual([]);
  });
});

/** The strongest key that may: `admin` may not capture. */
function keyOf({ scope }: ApiRoute): "admin" | "capture" {
  return scope === "capture" ? "capture" : "admin";
}

/** What a refusal has to name one of. */
const PLACES =
  /HTTP|body|query|address|path|UTF-8|kB|hold|item|letter|key|resource|source|booking|event|API|Takes|connection|mail|rule|job/;

/** A key's text with one thing wrong. */
function altered(key: string): fc.Arbitrary<string> {
  const [, , id = "", secret = ""] = key.split("_");
  return fc.oneof(
    fc.nat(key.length - 1).map((at) => key.slice(0, at) + (key[at] === "a" ? "b" : "a") + key.slice(at + 1)),
    fc.nat(key.length - 1).map((at) => key.slice(0, at)),
    fc.constantFrom(
      `lsk_villa_${id}_${secret}`,
      `lsk_nowhere_${id}_${secret}`,
      `lsk_constructor_${id}_${secret}`,
      `lsk_loft_${"0".repeat(16)}_${secret}`,
      `lsk_loft_../keys_${secret}`,
      `lsk_loft_${id}_${"A".repeat(43)}`,
      `lsk_loft_${id}_`,
      `${key}A`,
      `${key}\u00e9`,
      key.toUpperCase(),
      "x".repeat(9_000),
    ),
  );
}

function bookingIn(data: string): unknown {
  return JSON.parse(data)?.items?.[0]?.bookingId;
}

/** The booking a wish names, read without the product's schema. */
function namedIn(body: Buffer): unknown {
  const wish: unknown = body.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(body));
  const names = typeof wish === "object" && wish !== null && Object.hasOwn(wish, "bookingId");
  return names && "bookingId" in wish ? wish.bookingId : undefined;
}

function isDryRun(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "dryRun" in answer && answer.dryRun === true;
}
