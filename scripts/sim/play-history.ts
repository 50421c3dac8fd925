import { Config } from "../../shared/config.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import type { DocumentRef } from "../../shared/ports/store.ts";
import type { Functions } from "../local/function-folders.ts";
import { readRequest, toResponse } from "../sandbox/fetch-entry.ts";
import { createSandbox } from "../sandbox/sandbox.ts";
import type { Outcome, SandboxRequest } from "../sandbox/wire.ts";
import { wallTime } from "./calendar-of-days.ts";
import { roll } from "./chance.ts";
import { openChronicle } from "./chronicle.ts";
import { openCluster } from "./cluster.ts";
import type { Coverage } from "./coverage.ts";
import { type Crossing, FAULTS, fits } from "./faults.ts";
import type { History, Step } from "./history.ts";
import type { Luck } from "./instance.ts";
import { judge } from "./oracle/judge.ts";
import { openPeople } from "./people.ts";
import { WEBHOOK_SECRET } from "./secrets.ts";
import { pairOf } from "./sides/registry.ts";
import { type CalendarSide, type EventFacts, MARKER, resourceId, type SourceSide } from "./sides/side.ts";
import { openTimeline } from "./timeline.ts";
import { noteWrites } from "./written.ts";

const PUBLIC_URL = "http://lockstep.test";
export const WS = "sim";

export interface Played {
  /** What the oracle found wrong, as sentences; empty: nothing. */
  readonly complaints: readonly string[];
  /** The same history with the faults it met written down, one by one. */
  readonly explicit: History;
  /** Virtual seconds, messages and calls, to know what a history is. */
  readonly calls: number;
}

export interface PlayOptions {
  readonly functions: Functions;
  readonly coverage: Coverage;
  /** Every deed, fault and log line as it happens, for people. */
  readonly tell?: (line: string) => void;
  /** Every place where an instance waits for the world: its number within the step, and when it came there. */
  readonly pass?: (step: number, at: number, crossing: Crossing, place: string, time: number) => void;
}

/** How long each crossing takes at least, and how much longer it may take. Milliseconds. */
const DELAYS: Readonly<Record<Crossing, readonly [least: number, more: number]>> = {
  call: [10, 180],
  read: [1, 8],
  commit: [2, 14],
  publish: [2, 10],
  deliver: [1, 40],
};

/** A rough history makes about a thousand. */
const MAX_CALLS = 8_000;

/** Plays one history from its first step to its verdict. */
export async function playHistory(history: History, options: PlayOptions): Promise<Played> {
  const { tell, coverage } = options;
  const pair = pairOf(history);
  await pair.calendar.load?.();
  await pair.source.load?.();
  const timeline = openTimeline(history.start);
  const clockText = () => new Date(timeline.now()).toISOString().slice(5, 23).replace("T", " ");
  const say = (line: string) => tell?.(`${clockText()}  ${line}`);
  const met: Record<string, string>[] = history.steps.map(() => ({}));
  const outages = new Map<string, number>();
  const state = { step: 0, crossing: 0, calls: 0, troubled: true, troubledAt: 0, ids: 0 };
  const newId = () => (++state.ids).toString(16).padStart(32, "0");

  const sandbox = createSandbox({
    ...{ newId, seed: history.seed, origin: "http://sandbox" },
    clock: timeline.clock(history.skew.providers),
    alarm: { after: timeline.after },
    send: (input, init) => receive(input, init),
  });
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: history.zone }));
  const stage = {
    ...{ sandbox, zone: history.zone },
    webhook: { url: `${PUBLIC_URL}/booking-webhook/${WS}/source`, secret: WEBHOOK_SECRET },
    wall: (slot: number) => wallTime(history.zone, history.start, slot),
    now: () => sandbox.world.now(),
  };
  const source = pair.source.open(stage);
  const calendar = pair.calendar.open(stage);
  /** What can go wrong with a call beyond what can with every one: as the provider that it goes to says. */
  const ownFaults = ({ path }: SandboxRequest) =>
    (path.startsWith(`${source.root.path}/`) ? pair.source : pair.calendar).faults;
  const chronicle = openChronicle(source, calendar, timeline.now);
  const written: DocumentRef[] = [];
  const needless: string[] = [];
  const defects: string[] = [];

  function luck(crossing: Crossing, site: string, call?: SandboxRequest): Luck {
    const step: Step | undefined = history.steps[state.step];
    const at = ++state.crossing;
    options.pass?.(state.step, at, crossing, placeOf(site, call), timeline.now());
    const seed = step?.chance ?? history.seed;
    const [least, more] = DELAYS[crossing];
    const delay = (salt: number) => least + Math.floor(roll(seed, at, salt) * more);
    const outage = call === undefined ? 0 : (outages.get(call.path.split("/")[1] ?? "") ?? 0);
    const isElsewhere = step?.where !== undefined && !placeOf(site, call).includes(step.where);
    const fault =
      step === undefined || !state.troubled || isElsewhere
        ? undefined
        : timeline.now() < outage
          ? "status=503"
          : faultOf(
              history,
              step,
              crossing,
              at,
              call === undefined ? isAnything : (kind) => fits(kind, call, ownFaults(call)),
            );
    if (fault !== undefined && step !== undefined) {
      const record = met[state.step];
      if (record !== undefined) record[String(at)] = `${crossing}:${fault}`;
      state.troubledAt = timeline.now();
      coverage.fault(`${crossing}:${fault}`, siteOf(site, call));
      say(`    ! ${crossing}:${fault} at ${placeOf(site, call)}`);
    }
    return { beforeMs: delay(1), afterMs: delay(2), fault };
  }

  /** Whoever died or heard nothing after its write may write the same once more. */
  function wasTroubledSince(event: EventFacts): boolean {
    const written = chronicle.events.findLast(
      ({ actor, after, n }) => actor === "lockstep" && after?.id === event.id && n < chronicle.last(),
    );
    return state.troubledAt + 10_000 >= (written?.at ?? 0);
  }

  async function callProvider(request: SandboxRequest, instance: string): Promise<Outcome> {
    state.calls += 1;
    if (state.calls > MAX_CALLS) throw new Error(`${MAX_CALLS} provider calls: something goes round in circles`);
    const outcome = sandbox.handle(request);
    const from = chronicle.events.length;
    chronicle.note("lockstep", `${instance} ${request.method} ${request.path}`);
    for (const { before, after } of chronicle.events.slice(from)) {
      if (before === undefined || before.text !== after?.text || wasTroubledSince(before)) continue;
      needless.push(`${request.method} ${request.path}`);
    }
    return outcome;
  }

  const conflicted = () => {
    state.troubledAt = timeline.now();
  };
  const stores = openSqliteStores(":memory:", timeline.clock(0));
  const config = configOf(history, source, calendar);
  const cluster = openCluster({
    ...{ timeline, config, publicUrl: PUBLIC_URL, newId, luck, callProvider, conflicted },
    functions: options.functions,
    skews: history.skew.instances,
    stores: noteWrites(stores, written),
    environment: {
      [source.root.variable]: `http://sandbox${source.root.path}`,
      [calendar.root.variable]: `http://sandbox${calendar.root.path}`,
    },
    log(instance, severity, message, fields) {
      if (tell !== undefined) say(`      · ${instance}: ${message} ${wordsOf(fields)}`);
      if (severity === "ERROR" && fields["code"] === "INTERNAL") {
        defects.push(`${message}: ${wordsOf(fields)} ${fields["stack"] ?? fields["stack_trace"] ?? ""}`);
      }
    },
  });

  /** What the providers send: it comes to the function its address names. */
  async function receive(...sent: Parameters<typeof fetch>): Promise<Response> {
    const { method, path, query, headers, body } = await readRequest(...sent);
    const [target = "", ...rest] = path.split("/").filter((part) => part !== "");
    await timeline.sleep(5 + Math.floor(roll(history.seed, timeline.now(), 5) * 60));
    const answer = await cluster.receive(target, { method, path: rest, query, headers, body: Buffer.from(body) });
    const type = answer.text === undefined ? {} : { "content-type": "text/plain" };
    const reply = { status: answer.status, headers: type, body: answer.text ?? "" };
    return toResponse({ end: "whole", delayMs: 0, reply });
  }

  const people = openPeople({ sandbox, source, calendar, chronicle, cluster, timeline, outages, say });
  // The first connection, in peace: every channel stands and both sides are known.
  state.troubled = false;
  for (const [index, step] of (history.before ?? []).entries()) await people.act(step, index);
  await people.calmly(3);
  state.troubled = true;
  cluster.startJobs();
  for (const [index, step] of history.steps.entries()) {
    state.step = index;
    state.crossing = 0;
    if (step.deed === "kill") state.troubledAt = timeline.now();
    await people.act(step, index);
    await timeline.runUntil(timeline.now() + step.gapMs);
  }
  state.step = history.steps.length;
  say("— the world calms down —");
  outages.clear();
  await people.calmDown(stores.workspace(WS));
  const complaints = await judge({
    ...{ history, chronicle, people, needless, defects, now: timeline.now, tell: say },
    calendarOf: Object.fromEntries(calendar.calendars.map((id, index) => [resourceId(index), id])),
    written,
    api: (path) =>
      timeline.passing(cluster.receive("api", { method: "GET", ...addressOf(path) }).then(({ json }) => json)),
  });
  await cluster.stop(() => timeline.runUntil(timeline.now() + 700_000));
  await stores.close();
  sandbox.close();
  const steps = history.steps.map((step, index) => ({ ...step, faults: met[index] ?? {} }));
  return { complaints, explicit: { ...history, steps }, calls: state.calls };
}

function addressOf(path: string) {
  const { pathname, searchParams } = new URL(path, PUBLIC_URL);
  return {
    path: pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent),
    query: searchParams,
  };
}

const isAnything = () => true;

function faultOf(history: History, step: Step, crossing: Crossing, at: number, canHave: (kind: string) => boolean) {
  if (step.faults !== undefined) {
    const named = step.faults[String(at)];
    const fault = named?.startsWith(`${crossing}:`) ? named.slice(crossing.length + 1) : undefined;
    return fault !== undefined && canHave(fault) ? fault : undefined;
  }
  if (roll(step.chance, at, 3) >= step.fault) return undefined;
  const kinds = Object.entries(FAULTS[crossing]).filter(
    ([kind]) => history.troubles.includes(`${crossing}:${kind}`) && canHave(kind),
  );
  let left = roll(step.chance, at, 4) * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return undefined;
}

function placeOf(site: string, call?: SandboxRequest): string {
  return call === undefined ? site : `${site} ${call.method} ${call.path}`;
}

/** Parts of paths that name one calendar, event or booking. */
const IDS = /\/(?:[^/]*(?:@|%40|\d{4,})[^/]*|[^/]{25,})/g;

/** Where a fault struck, without what differs from history to history. */
function siteOf(site: string, call?: SandboxRequest): string {
  if (call === undefined) return site.replace(/-\d /, " ");
  const path = call.path.replaceAll(IDS, "/*");
  return `${site.replace(/-\d$/, "")} ${call.method} ${path}`;
}

function wordsOf(fields: Readonly<Record<string, unknown>>): string {
  const shown = [
    "appointmentId",
    "calendarId",
    "rule",
    "action",
    "direction",
    "answer",
    "code",
    "providerError",
    "eventId",
    "detail",
  ];
  return shown.flatMap((name) => (fields[name] === undefined ? [] : [`${name}=${fields[name]}`])).join(" ");
}

/** Two resources, a small window so that a listing is one call. */
function configOf(history: History, source: SourceSide, calendar: CalendarSide): Config {
  const resources = source.rooms.map((sourceName, index) => [
    resourceId(index),
    {
      source: "source",
      sourceName,
      calendar: calendar.calendars[index],
      timeZone: history.zone,
      properties: { bay: String(index + 1) },
      ...source.template,
    },
  ]);
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { source: { provider: source.provider, settings: source.settings } },
        calendars: { calendar: { provider: calendar.provider, settings: calendar.settings } },
        resources: Object.fromEntries(resources),
        marker: MARKER,
        policy: history.policy,
        daysBack: 1,
        daysAhead: 14,
      },
    },
  });
}
