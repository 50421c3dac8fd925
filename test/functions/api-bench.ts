import type { Config } from "../../shared/config.ts";
import { makeApiKey } from "../../shared/edge/api-key.ts";
import type { Scope } from "../../shared/edge/scope.ts";
import { type EventMap, mapRef } from "../../shared/flows/documents.ts";
import type { Write } from "../../shared/ports/store.ts";
import { type Bench, demoConfig, openBench } from "./edge-bench.ts";

export const NOW = "2027-01-10T08:00:00.000Z";

/** The demo's workspace, and one of a neighbour with the same resources. */
function twoWorkspaces(): Config {
  const { loft } = demoConfig().workspaces;
  if (loft === undefined) throw new Error("no demo");
  return { workspaces: { loft, villa: loft } };
}

/** The API, over the demo's workspace and a neighbour's. */
export async function openApi(demoOperator?: { readonly ws: string }): Promise<Bench> {
  const bench = await openBench("api", { config: twoWorkspaces(), ...(demoOperator && { demoOperator }) });
  bench.now = NOW;
  return bench;
}

/** The text of a fresh key. */
export async function key(bench: Bench, scopes: readonly Scope[], ws = "loft"): Promise<string> {
  const { doc, text } = makeApiKey(ws, { label: "test", scopes, createdBy: "test" }, NOW);
  await put(bench, ws, { kind: "put", ref: { collection: "apiKeys", id: doc.id }, data: doc });
  return text;
}

export async function put(bench: Bench, ws: string, ...writes: Write[]): Promise<void> {
  await bench.world.store(ws).commit(writes);
}

export function as(credential: string, method = "GET", body?: object): RequestInit {
  return {
    method,
    headers: { authorization: `Bearer ${credential}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

export function post(body?: object): RequestInit {
  return { method: "POST", ...(body !== undefined && { body: JSON.stringify(body) }) };
}

export async function json(response: Response): Promise<unknown> {
  return response.json();
}

export function mapOf(bookingId: string, change: Partial<EventMap> = {}): Write {
  const key = `uschedule:${bookingId}`;
  const map: EventMap = {
    key,
    source: "uschedule",
    bookingId,
    resource: "bay-1",
    calendarId: "loft-bay-1@sandbox",
    eventId: `e${bookingId}`,
    incarnation: 1,
    status: "active",
    dirty: false,
    nextAttempt: "",
    attempts: 0,
    endsAt: "2027-01-11T08:00:00.000Z",
    since: NOW,
    restored: 0,
    journal: [],
    ...change,
  };
  return { kind: "put", ref: mapRef(key, map.resource), data: map };
}
