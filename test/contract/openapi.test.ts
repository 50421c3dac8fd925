import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROUTES } from "../../functions/api/routes.ts";
import { API_ROUTES, type ApiRoute, furnish, nameOf, pathOf } from "../fuzz/api-calls.ts";
import { apiKey } from "../fuzz/credentials.ts";
import { openRig, type Rig } from "../fuzz/rig.ts";
import { TIMEOUT_MS } from "../fuzz/runs.ts";
import type { Answer } from "../fuzz/send.ts";

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface BodySchema {
  readonly properties?: Readonly<Record<string, object>>;
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
      admin: (await apiKey(rig, ["admin", "capture"])).text,
      villa: (await apiKey(rig, ["admin", "capture"], { ws: "villa" })).text,
    };
    document = JSON.parse((await ask("openapi", "GET", "/api/openapi.json")).body);
  }, TIMEOUT_MS);
  beforeEach(async () => {
    await furnish(rig, "loft");
    await furnish(rig, "villa");
  });
  afterAll(() => rig.close());

  function ask(
    edge: string,
    method: string,
    target: string,
    key?: string,
    body = "",
    more: [string, string][] = [],
  ): Promise<Answer> {
    const headers: [string, string][] = [
      ...(key === undefined ? [] : [["authorization", `Bearer ${key}`]]),
      ...more,
    ] as [string, string][];
    return rig.ask(edge, { method, target, headers, body: Buffer.from(body) });
  }

  /** What the document does not say of this answer; empty: it keeps to it. */
  function complaints({ method, pattern }: ApiRoute, { status, headers, body }: Answer): readonly string[] {
    const operation = operationOf({ method, pattern });
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

  function operationOf({ method, pattern }: Pick<ApiRoute, "method" | "pattern">): Operation | undefined {
    return document.paths[`/${pattern.replace(/:(\w+)/g, "{$1}")}`]?.[method.toLowerCase()];
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

  test("the document has the operations that are tried here, and no other", () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const tried = API_ROUTES.map(({ method, pattern }) => {
      return `${method.toLowerCase()} /${pattern.replace(/:(\w+)/g, "{$1}")}`;
    });

    expect(documented.toSorted()).toEqual(tried.toSorted());
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

      const nowhere = await ask(edge, route.method, `${pathOf(route)}?ws=nowhere`, keys.admin, bodyOf(route));
      const unknown = await ask(edge, route.method, target(route), undefined, bodyOf(route));

      expect([wrong.status, complaints(route, wrong)]).toEqual([401, []]);
      expect([unknown.status, complaints(route, unknown)]).toEqual([401, []]);
      expect([elsewhere.status, complaints(route, elsewhere)]).toEqual([403, []]);
      expect([nowhere.status, complaints(route, nowhere)]).toEqual([403, []]);
    });

    test(`${edge} refuses each part of its input by itself as it says`, async () => {
      const operation = operationOf(route);
      const wrong: [target: string, body: string, headers: [string, string][]][] = [];
      for (const { name, in: where } of operation?.parameters ?? []) {
        if (where === "query" && name !== "ws") wrong.push([oddly(route, name), bodyOf(route), []]);
        if (where === "header") wrong.push([target(route), bodyOf(route), [[name, "odd key"]]]);
      }
      const properties = operation?.requestBody?.content["application/json"]?.schema.properties ?? {};
      for (const name of Object.keys(properties)) {
        const body = JSON.stringify({ ...route.body, [name]: { odd: true } });
        wrong.push([target(route), body, []]);
      }

      const answers: unknown[] = [];
      for (const [address, body, headers] of wrong) {
        const answer = await ask(edge, route.method, address, keys.admin, body, headers);
        answers.push([address, body, answer.status, complaints(route, answer)]);
      }

      expect(answers).toEqual(wrong.map(([address, body]) => [address, body, 400, []]));
    });

    if (route.pattern.includes(":")) {
      test(`${edge} refuses an id that is not there as it says`, async () => {
        const path = `/api/${route.pattern.replace(/:\w+/, "nobody-knows-it")}${route.query ?? ""}`;
        const answer = await ask(edge, route.method, path, keys.admin, bodyOf(route));

        // Links are a search by any booking's or mail's id: of what nobody knows there are none.
        const expected = route.pattern.endsWith("/links") ? 200 : 404;
        expect([answer.status, complaints(route, answer)]).toEqual([expected, []]);
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

  for (const [method, pattern, query, body, status] of UNKNOWN) {
    test(`api ${method} ${pattern} answers what names nothing (${query}${JSON.stringify(body ?? "")}) as it says`, async () => {
      const route = API_ROUTES.find((each) => each.method === method && each.pattern === pattern);
      if (route === undefined) throw new Error(`there is no ${method} ${pattern}`);
      const sent = body === undefined ? "" : JSON.stringify(body);

      const answer = await ask(nameOf(route), method, `${pathOf(route)}${query}`, keys.admin, sent);

      expect([answer.status, complaints(route, answer)]).toEqual([status, []]);
    });
  }
});

/** What stands in a body or a query and names what is not there: by operation, with what it answers. */
const UNKNOWN: [method: "GET" | "POST", pattern: string, query: string, body: object | undefined, status: number][] = [
  ["POST", "sync", "", { source: "nobody" }, 404],
  ["POST", "sync", "", { resource: "nobody" }, 404],
  ["POST", "event-maps/retry", "", { resource: "nobody" }, 404],
  ["GET", "stats", "?resource=nobody", undefined, 404],
  ["GET", "event-maps", "?resource=nobody", undefined, 200],
  ["GET", "actions", "?bookingKey=nobody:1", undefined, 200],
  ["POST", "review-items/bulk", "", { ids: ["nobody"], decision: { kind: "ignore", always: false } }, 200],
  ["POST", "review-items/:id/link", "", { booking: "uschedule:nobody", always: false }, 404],
  ["POST", "emails/:id/link", "", { booking: "osm:nobody" }, 404],
  ["POST", "connections", "", { platform: "airbnb", reservation_label: "S", property: "nobody" }, 400],
];

/** The route's address with one part of its query wrong, the others as they are meant. */
function oddly(route: ApiRoute, name: string): string {
  const query = new URLSearchParams(route.query ?? "");
  // Of bookings the status is their source's own word.
  query.set(name, route.pattern === "bookings" && name === "status" ? "" : (ODD_VALUES[name] ?? ""));
  return `${pathOf(route)}?${query}`;
}

/** What no place of this name takes; everything else does not take nothing. */
const ODD_VALUES: Readonly<Record<string, string>> = { limit: "-1", status: "odd", hours: "0", after: "\0" };

const ODD_QUERY = "?limit=-1&status=odd&from=odd&to=odd&after=%00&resource=&hours=0";
