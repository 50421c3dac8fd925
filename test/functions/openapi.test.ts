import { Validator } from "@seriousme/openapi-schema-validator";
import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { json, openApi } from "./api-bench.ts";
import type { Bench } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

async function document(): Promise<Document> {
  bench = await openApi();
  return (await json(await bench.call("/api/openapi.json"))) as Document;
}

test("an outside validator accepts the document, without a key", async () => {
  const result = await new Validator().validate({ ...(await document()) });

  expect(result).toMatchObject({ valid: true });
  expect((await document()).openapi).toBe("3.1.0");
});

test("every route is an operation, each with a name of its own", async () => {
  const { paths } = await document();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const names = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));

  expect(operations.sort()).toEqual(
    ROUTES.map(({ method, pattern }) => `${method} /${pattern.replace(/:(\w+)/g, "{$1}")}`).sort(),
  );
  expect(new Set(names).size).toBe(names.length);
});

for (const { method, pattern, path = {} } of ROUTES) {
  test(`${method} ${pattern} says what each part of its address is`, async () => {
    bench = await openApi();

    expect(Object.keys(path)).toEqual([...pattern.matchAll(/:(\w+)/g)].map(([, name]) => name));
  });
}

test("the page for people runs no script and asks nobody else for anything", async () => {
  bench = await openApi();

  const page = await bench.call("/api/docs");
  const text = await page.text();

  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/,
  );
  expect(text).not.toMatch(/<script|https?:\/\/|style="/);
  for (const { pattern } of ROUTES) expect(text).toContain(`/api/${pattern.replace(/:(\w+)/g, "{$1}")}`);
});
