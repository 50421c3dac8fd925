import { type Sandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedRooms, seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import "../../functions/api/index.ts";
import { makeApiKey } from "../../shared/edge/api-key.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import { Observation } from "../../shared/topics/observations.ts";
import type { Json } from "../flows/studio.ts";
import { type Bench, openBench } from "../functions/edge-bench.ts";
import { stillAlarm } from "../sandbox/harness.ts";
import { ANNA, LABEL, letsConfig } from "./lets.ts";

export const NOW = "2027-03-01T08:00:00.000Z";

/** The API behind a port and the sandbox behind another: everything over HTTP, as a person's browser and scripts see it. */
export interface FrontDesk {
  readonly bench: Bench;
  readonly sandbox: Sandbox;
  /** Calls the API with a key of the workspace. */
  api(method: string, path: string, body?: object, ws?: string): Promise<{ status: number; body: Json }>;
  /** What people and time do to the simulated providers. */
  people(path: string, body: object): Promise<Json>;
  /** A browser that goes from start to Google and back. Answers what the callback answered. */
  signIn(id: string, ws?: string): Promise<{ status: number; body: Json }>;
  /** Feeds are polled, and everything that was told is worked on. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export async function openFrontDesk(settings: Json = {}): Promise<FrontDesk> {
  const clock = { now: () => bench.now, sleep: async () => {} };
  let ids = 0;
  const newId = () => (++ids).toString(16).padStart(32, "f");
  const sandbox = await startSandbox({ port: 0, clock: { ...clock, now: () => NOW }, newId, alarm: stillAlarm });
  seedStudio(sandbox);
  seedRooms(sandbox);
  const root = `http://localhost:${sandbox.port}`;
  const environment = { GMAIL_API_ROOT: root, BOOKING_API_ROOT: `${root}/booking`, GOOGLE_API_ROOT: `${root}/google` };
  const bench = await openBench("api", { config: letsConfig(settings), environment });
  bench.now = NOW;
  const keys = new Map<string, string>();
  for (const ws of ["loft", "villa"]) {
    const { doc, text } = makeApiKey(ws, { label: "test", scopes: ["operate"], createdBy: "test" }, NOW);
    await bench.world.store(ws).commit([{ kind: "put", ref: { collection: "apiKeys", id: doc.id }, data: doc }]);
    keys.set(ws, text);
  }
  const people: FrontDesk["people"] = async (path, body) => {
    const answer = await fetch(`${root}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Json;
  };
  const headers = (ws: string) => ({ authorization: `Bearer ${keys.get(ws)}` });
  const api: FrontDesk["api"] = async (method, path, body, ws = "loft") => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await bench.call(`/api/${path}`, { method, headers: headers(ws), redirect: "manual", ...sent });
    return { status: answer.status, body: (await answer.json()) as Json };
  };
  const signIn: FrontDesk["signIn"] = async (id, ws = "loft") => {
    const start = await bench.call(`/api/connections/${id}/gmail/start`, { headers: headers(ws), redirect: "manual" });
    if (start.status !== 302) return { status: start.status, body: (await start.json()) as Json };
    const cookie = (start.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const google = await fetch(start.headers.get("location") ?? "", { redirect: "manual" });
    const { pathname, search } = new URL(google.headers.get("location") ?? "");
    const back = await bench.call(`${pathname}${search}`, { headers: { cookie } });
    return { status: back.status, body: (await back.json()) as Json };
  };
  await people("gmail/accounts", { email: ANNA });
  return {
    ...{ bench, sandbox, api, people, signIn },
    async work() {
      await pollSources(bench.world, { ws: "loft" });
      for (let rounds = 0; rounds < 5; rounds++) {
        for (const told of bench.publisher.take("observations")) {
          await syncObservations(bench.world, Observation.parse(told));
        }
      }
    },
    async close() {
      await bench.close();
      await sandbox.close();
    },
  };
}

/** Makes a connection and the label in the mailbox. Answers its id. */
export async function openConnection(desk: FrontDesk, words: Json = {}, ws = "loft"): Promise<string> {
  const { body } = await desk.api(
    "POST",
    "connections",
    { platform: "airbnb", reservation_label: LABEL, ...words },
    ws,
  );
  return String(body["id"]);
}
