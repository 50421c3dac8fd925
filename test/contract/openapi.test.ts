import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROUTES } from "../../functions/api/routes.ts";
import { API_ROUTES, type ApiRoute, furnish, nameOf, pathOf } from "../fuzz/api-calls.ts";
import { apiKey } from "../fuzz/credentials.ts";
import { openRig, type Rig } from "../fuzz/rig.ts";
import { TIMEOUT_MS } from "../fuzz/runs.ts";
import type { Answer } from "../fuzz/send.ts";

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

// What the document of the API promises, held against real answers over HTTP, by a validator that is not ours.
describe("every operation of the OpenAPI document", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  let document: Document;
  let keys: Readonly<Record<"admin" | "villa", string>>;

  beforeAll(async () => {
    rig = await openRig();
    keys = {
      admin: (await apiKey(rig, ["admin"])).text,
      villa: (await apiKey(rig, ["admin"], { ws: "villa" })).text,
    };
    document = JSON.parse((await ask("openapi", "GET", "/api/openapi.json")).body);
  }, TIMEOUT_MS);
  beforeEach(async () => {
    await furnish(rig, "loft");
    await furnish(rig, "villa");
  });
  afterAll(() => rig.close());

  function ask(edge: string, method: string, target: string, key?: string, body = ""): Promise<Answer> {
    const headers: [string, string][] = key === undefined ? [] : [["authorization", `Bearer ${key}`]];
    return rig.ask(edge, { method, target, headers, body: Buffer.from(body) });
  }

  /** What the document does not say of this answer; empty: it keeps to it. */
  function complaints({ method, pattern }: ApiRoute, { status, headers, body }: Answer): readonly string[] {
    const operation = document.paths[`/${pattern.replace(/:(\w+)/g, "{$1}")}`]?.[method.toLowerCase()];
    const response = operation?.responses[String(status)];
    if (response === undefined) return [`${status} is not documented: ${body.slice(0, 300)}`];
    const type = String(headers["content-type"]);
    const schema = response.content[type]?.schema;
    if (schema === undefined) return [`${status} as ${type} is not documented`];
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.validate({ ...schema, components: document.components }, JSON.parse(body));
    return (ajv.errors ?? []).map(({ instancePath, message = "", params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
  }

  const target = (route: ApiRoute) => pathOf(route) + (route.query ?? "");
  const bodyOf = ({ body }: ApiRoute) => (body === undefined ? "" : JSON.stringify(body));

  test("an answer that says more, less or otherwise than its operation would be told", async () => {
    const route = API_ROUTES.find(({ pattern }) => pattern === "event-maps");
    if (route === undefined) throw new Error("there are event maps");
    const answer = await ask(nameOf(route), "GET", target(route), keys.admin);
    const twisted = (from: string | RegExp, to: string) =>
      complaints(route, { ...answer, body: answer.body.replace(from, to) });

    expect(twisted('"status":', '"secret":1,"status":')).toEqual([expect.stringContaining("additional")]);
    expect(twisted(/"appointmentId":"[^"]*",/, "")).toEqual([expect.stringContaining("appointmentId")]);
    expect(twisted('"status":"active"', '"status":"odd"')).toEqual([expect.stringContaining("allowed")]);
    expect(complaints(route, { ...answer, status: 418 })).toEqual([expect.stringContaining("not documented")]);
  });

  for (const route of API_ROUTES) {
    const edge = nameOf(route);
    const declared = ROUTES.find(({ method, pattern }) => method === route.method && pattern === route.pattern);

    test(`${edge} answers as it says`, async () => {
      const answer = await ask(edge, route.method, target(route), keys.admin, bodyOf(route));

      expect([answer.status, complaints(route, answer)]).toEqual([route.success, []]);
    });

    test(`${edge} refuses a wrong key and another workspace as it says`, async () => {
      const wrong = await ask(edge, route.method, target(route), `${keys.admin.slice(0, -2)}__`, bodyOf(route));
      const elsewhere = await ask(edge, route.method, `${pathOf(route)}?ws=loft`, keys.villa, bodyOf(route));

      expect([wrong.status, complaints(route, wrong)]).toEqual([401, []]);
      expect([elsewhere.status, complaints(route, elsewhere)]).toEqual([403, []]);
    });

    if (route.pattern.includes(":")) {
      test(`${edge} refuses an id that is not there as it says`, async () => {
        const path = `/api/${route.pattern.replace(/:\w+/, "nobody-knows-it")}${route.query ?? ""}`;
        const answer = await ask(edge, route.method, path, keys.admin, bodyOf(route));

        expect([answer.status, complaints(route, answer)]).toEqual([404, []]);
      });
    }

    if (declared?.query !== undefined || declared?.body !== undefined) {
      test(`${edge} refuses bad input as it says`, async () => {
        const path = declared.query === undefined ? target(route) : `${pathOf(route)}${ODD_QUERY}`;
        const answer = await ask(edge, route.method, path, keys.admin, declared.body === undefined ? "" : '["odd"]');

        expect([answer.status, complaints(route, answer)]).toEqual([400, []]);
      });
    }
  }
});

const ODD_QUERY = "?limit=-1&status=odd&from=odd&to=odd&after=%00&resource=&hours=0";
