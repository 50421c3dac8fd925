import { expect, test } from "vitest";
import { BOOKING } from "../../scripts/sandbox/booking/api.ts";
import { CONTRACT, complaintsAbout, complaintsAboutAnswer } from "./contract.ts";

interface Example {
  readonly pointer: string;
  readonly value: unknown;
}

/** Every example in the contract, with the pointer of the schema beside it. */
function examplesIn(node: unknown, pointer = ""): Example[] {
  if (typeof node !== "object" || node === null) return [];
  const own: Example[] = [];
  if ("schema" in node && "example" in node) own.push({ pointer: `${pointer}/schema`, value: node.example });
  if ("schema" in node && "examples" in node && typeof node.examples === "object" && node.examples !== null) {
    for (const each of Object.values(node.examples)) own.push({ pointer: `${pointer}/schema`, value: each.value });
  }
  const below = Object.entries(node).filter(([name]) => name !== "example" && name !== "examples");
  return [...own, ...below.flatMap(([name, child]) => examplesIn(child, `${pointer}/${name.replaceAll("/", "~1")}`))];
}

const EXAMPLES = examplesIn(CONTRACT);

test.each(EXAMPLES)("the example at $pointer is as its schema says", ({ pointer, value }) => {
  expect(complaintsAbout(value, pointer)).toEqual([]);
});

test("the contract has examples of lists, orders, changes, problems and the webhook", () => {
  expect(EXAMPLES.length).toBeGreaterThan(10);
});

test("the sandbox knows every operation of the contract by its own name, and no other", () => {
  const declared = Object.entries(CONTRACT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      operationId === undefined ? [] : [{ path: path.replace("{id}", "2001"), method, operationId }],
    ),
  );

  for (const { path, method, operationId } of declared) {
    const request = { method: method.toUpperCase(), path: `/booking/v1${path}` };
    const known = BOOKING.operation({ ...request, query: new URLSearchParams(), headers: {}, body: "" });
    expect(known).toBe(operationId);
  }
  expect(declared).toHaveLength(10);
});

test("the check finds what is not as the contract has it", () => {
  const json = new Headers({ "content-type": "application/json" });
  const wrong = { items: [{ id: "2001", version: "3" }], complete: true, total: 1 };

  expect(complaintsAboutAnswer("GET", "/reservations", { status: 200, headers: json, body: wrong })).toContain(
    "/items/0/version must be integer",
  );
  expect(complaintsAboutAnswer("GET", "/reservations", { status: 418, headers: json, body: {} })).toEqual([
    "listReservations does not answer 418",
  ]);
  expect(complaintsAboutAnswer("GET", "/reservations/1", { status: 404, headers: json, body: {} })).toEqual([
    "readReservation 404 is no application/json",
  ]);
});
