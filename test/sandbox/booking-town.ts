import { expect } from "vitest";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../scripts/sandbox/sandbox.ts";
import { seedDemo, seedRooms } from "../../scripts/sandbox/seed-demo.ts";
import { complaintsAboutAnswer } from "./contract.ts";
import { countedIds, type HandClock, handClock, stillAlarm } from "./harness.ts";

type Json = Record<string, unknown>;

/** A reservation as tests look at it. */
export interface Told extends Json {
  readonly id: string;
  readonly version: number;
}

export interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Options {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: string;
}

/** The town of the demo without a port. Every answer of its API is checked against the contract. */
export interface Town {
  readonly sandbox: Sandbox;
  readonly clock: HandClock;
  /** A call of the contract, below `/booking/v1`. */
  call<Body = Json>(path: string, options?: Options): Promise<Reply<Body>>;
  /** What people do at the desk. Throws where they are refused. */
  desk(action: string, body: Json, fault?: string): Promise<Told>;
  refusedAtDesk(action: string, body: Json): Promise<string>;
  set(options: Json): Promise<void>;
}

export const NINE = { start: "2027-01-11T09:00", end: "2027-01-11T10:00" };
export const TEN = { start: "2027-01-11T10:00", end: "2027-01-11T11:00" };
export const WEEK = "from=2027-01-10T00:00:00Z&to=2027-01-20T00:00:00Z";

/** `2027-01-11T09:00` as the contract has it. */
export function zoned(local: string): { dateTime: string; timeZone: string } {
  return { dateTime: `${local}:00+01:00`, timeZone: "Europe/Oslo" };
}

export function openTown(options: Partial<SandboxOptions> & { readonly demo?: boolean } = {}): Town {
  const { demo = false, ...rest } = options;
  const clock = handClock();
  const sandbox = createSandbox({
    ...{ clock, newId: countedIds(), alarm: stillAlarm, send: async () => new Response(), ...rest },
  });
  if (demo) seedDemo(sandbox);
  else seedRooms(sandbox);

  async function send(path: string, { method = "GET", body, headers = {}, fault }: Options): Promise<Response> {
    return sandbox.fetch(`http://sandbox${path}`, {
      method,
      headers: {
        authorization: "Bearer any",
        ...headers,
        ...(fault === undefined ? {} : { "x-sandbox-fault": fault }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function post(action: string, body: Json, fault?: string): Promise<{ status: number; body: Told }> {
    const response = await send(`/sandbox/booking/${action}`, { method: "POST", body, ...(fault && { fault }) });
    return { status: response.status, body: (await response.json()) as Told }; // what the desk answers
  }

  return {
    sandbox,
    clock,
    async call<Body>(path: string, asked: Options = {}) {
      const response = await send(`/booking/v1${path}`, asked);
      const { status, headers } = response;
      const body: unknown = await response.json();
      const [bare = ""] = path.split("?");
      if (asked.fault === undefined) {
        expect(complaintsAboutAnswer(asked.method ?? "GET", bare, { status, headers, body })).toEqual([]);
      }
      return { status, headers, body: body as Body }; // checked above
    },
    async desk(action, body, fault) {
      const answer = await post(action, body, fault);
      if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    async refusedAtDesk(action, body) {
      const answer = await post(action, body);
      return `${answer.status} ${String(answer.body.code)}`;
    },
    async set(changes) {
      await sandbox.fetch("http://sandbox/sandbox/options", { method: "POST", body: JSON.stringify(changes) });
    },
  };
}
