import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_ROUTES, furnish, nameOf, pathOf } from "./api-calls.ts";
import { apiKey } from "./credentials.ts";
import { openRig, type Rig } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";
import { type Sent, showSent } from "./send.ts";

/** On one machine a request without a credential acts as operator: so what may come without one is watched at the door. */
describe("the API of a local run, whatever is sent", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig({ demoOperator: true });
    await furnish(rig, "loft");
  }, TIMEOUT_MS);
  afterAll(() => rig.close());

  test("a page of another site, a foreign name and a wrong credential do nothing, on any route", async () => {
    const { text } = await apiKey(rig, ["admin"]);
    const refused = fc.constantFrom<readonly [Sent["headers"][number], number]>(
      [["origin", "https://evil.example"], 403],
      [["origin", "null"], 403],
      [["origin", ""], 403],
      [["origin", `http://localhost:${rig.port}.evil.example`], 403],
      [["sec-fetch-site", "cross-site"], 403],
      [["sec-fetch-site", "same-site"], 403],
      [["host", "evil.example"], 403],
      [["host", `evil.example:${rig.port}`], 403],
      [["host", `localhost:${rig.port}@evil.example`], 403],
      [["host", ""], 403],
      [["authorization", ""], 401],
      [["authorization", text], 401],
      [["authorization", `Bearer ${text.slice(0, -1)}`], 401],
      [["authorization", "Bearer null"], 401],
      [["x-api-key", ""], 401],
      [["x-api-key", `${text}, ${text}`], 401],
    );
    await tryLaw({
      arbitrary: fc.tuple(fc.constantFrom(...API_ROUTES), refused).map(([route, [header, status]]) => {
        const { method, body, query = "" } = route;
        const content = Buffer.from(body === undefined ? "" : JSON.stringify(body));
        const sent: Sent = { method, target: pathOf(route) + query, headers: [header], body: content };
        return { edge: nameOf(route), sent, status };
      }),
      holds: async ({ edge, sent, status }) => {
        rig.effects();
        const answer = await rig.ask(edge, sent);
        expect(answer.status).toBe(status);
        const { reads, ...rest } = rig.effects();
        expect(rest).toEqual({ writes: [], published: [], calls: [] });
        expect(reads.length).toBeLessThanOrEqual(1);
      },
      show: ({ sent }) => showSent(sent),
      share: 4,
    });
  });

  for (const route of API_ROUTES) {
    test(`${nameOf(route)}: without any credential it works for who sits at this machine`, async () => {
      await furnish(rig, "loft");
      const { method, body, query = "" } = route;
      const content = Buffer.from(body === undefined ? "" : JSON.stringify(body));
      const answer = await rig.ask(nameOf(route), {
        method,
        target: pathOf(route) + query,
        headers: [],
        body: content,
      });

      expect(answer.status, answer.body).toBe(route.success);
    });
  }
});
