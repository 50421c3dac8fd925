import { OAuth2Client } from "google-auth-library";
import { calendar, type calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import type { Alarm } from "../../scripts/sandbox/alarm.ts";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import type { Clock } from "../../shared/ports/clock.ts";

export const BAY_1 = "loft-bay-1@sandbox";
export const BAY_2 = "loft-bay-2@sandbox";
export const NINE = {
  start: { dateTime: "2027-01-10T09:00:00-05:00" },
  end: { dateTime: "2027-01-10T10:00:00-05:00" },
};

/** A clock that only tests move. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function handClock(start = "2027-01-04T12:00:00.000Z"): HandClock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms).toISOString(),
    sleep: () => Promise.resolve(),
    advance: (by) => {
      ms += by;
    },
  };
}

/** Ids that repeat from run to run. */
export function countedIds(): () => string {
  let n = 0;
  return () => (++n).toString(16).padStart(32, "0");
}

export interface Studio {
  readonly sandbox: RunningSandbox;
  readonly clock: HandClock;
  readonly google: calendar_v3.Calendar;
  /** POST (or GET without a body) to a path of the sandbox. */
  call(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A USchedule method, logged in. */
  uschedule(method: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** The fields tests look at; which of them are there depends on the path. */
export interface Body {
  readonly Id: number;
  readonly AuthKey: string;
  readonly Message: string;
  readonly [field: string]: unknown;
}

/** The studio without bookings on a free port, with Google's own client in front of it. */
export async function openStudio(options: Partial<SandboxOptions> = {}): Promise<Studio> {
  const clock = handClock();
  const sandbox = await startSandbox({ port: 0, clock, newId: countedIds(), ...options });
  seedStudio(sandbox);
  const call: Studio["call"] = async (path, body, headers = {}) => {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${sandbox.url}${path}`, { ...sent, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, body: isJson ? JSON.parse(text) : { Message: text } };
  };
  let key: string | undefined;
  const uschedule: Studio["uschedule"] = async (method, body, headers = {}) => {
    key ??= (await login(call)).body.AuthKey;
    return call(`/uschedule/api/loft/${method}`, body, {
      "X-US-Application-Key": "app",
      "X-US-AuthToken": key ?? "",
      ...headers,
    });
  };
  return { sandbox, clock, call, uschedule, google: googleClient(sandbox.url) };
}

function login(call: Studio["call"]): Promise<Answer> {
  const user = { UserName: "Lockstep", Password: "secret" };
  return call("/uschedule/api/loft/validateuser", user, { "X-US-Application-Key": "app" });
}

/**
 * The real client library, retries off. It drops a path in `rootUrl` unless every call repeats it, so the
 * transport swaps the root instead.
 */
export function googleClient(url: string): calendar_v3.Calendar {
  const auth = new OAuth2Client();
  auth.setCredentials({ access_token: "any" });
  const swapRoot = (input: string | URL | Request, init?: RequestInit) => {
    const wanted = input instanceof Request ? input.url : String(input);
    return fetch(wanted.replace("https://www.googleapis.com", `${url}/google`), init);
  };
  return calendar({ version: "v3", auth, fetchImplementation: swapRoot, retry: false });
}

/** The status and reason of a refused call of the client library. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { status, response } = error as {
      status?: number;
      response?: { data?: { error?: { errors?: { reason: string }[] } } };
    };
    return `${status} ${response?.data?.error?.errors?.[0]?.reason}`;
  }
  return "answered";
}

/** Timers that never ring: what is due is delivered by `tick` alone. */
export const stillAlarm: Alarm = { after: () => () => {} };
