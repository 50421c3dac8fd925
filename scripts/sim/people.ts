import type { SnapshotDoc } from "../../shared/flows/documents.ts";
import type { DocumentStore } from "../../shared/ports/store.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Cluster } from "./cluster.ts";
import type { Step } from "./history.ts";
import type { CalendarSide, Choice, Deed, SourceSide } from "./sides/side.ts";
import type { Timeline } from "./timeline.ts";

export interface PeopleParts {
  readonly sandbox: Sandbox;
  readonly source: SourceSide;
  readonly calendar: CalendarSide;
  readonly chronicle: Chronicle;
  readonly cluster: Cluster;
  readonly timeline: Timeline;
  /** Until when each provider (first part of its path) answers nothing but 503. */
  readonly outages: Map<string, number>;
  readonly say: (line: string) => void;
}

/** What people said about holds, for the oracle. */
export interface HoldWord {
  readonly at: number;
  /** Place in the chronicle's order. */
  readonly n: number;
  readonly word: "approve" | "reject" | "undo";
  readonly items: readonly { readonly bookingId: string; readonly calendarId: string; readonly would: string }[];
}

export interface People {
  /** One step of the history: a deed at a provider, a word of the operator, or weather. */
  act(step: Step, index: number): Promise<void>;
  /** So many turns of every scheduled job, and time for what follows from them. */
  calmly(turns: number): Promise<void>;
  /** Lets the product come to rest: its jobs go on, until nothing waits for its time any more. */
  calmDown(store: DocumentStore): Promise<void>;
  readonly holdWords: readonly HoldWord[];
  /** Booking ids and event ids by deed, with the place in the chronicle's order. */
  readonly deeds: readonly { readonly name: string; readonly at: number; readonly text: string }[];
}

const MINUTE = 60_000;
const HEADERS = { "content-type": "application/json", authorization: "Bearer person" };

export function openPeople(parts: PeopleParts): People {
  const { sandbox, source, calendar, chronicle, cluster, timeline, outages, say } = parts;
  const holdWords: HoldWord[] = [];
  const done: { name: string; at: number; text: string }[] = [];
  const deeds = { ...source.deeds, ...calendar.deeds, ...operatorDeeds() };

  /** What happens by itself, or to our own machines. */
  const weather: Readonly<Record<string, (step: Step) => Promise<void> | void>> = {
    wait: () => {},
    ...source.weather,
    ...calendar.weather,
    kill: () => cluster.killAll(),
    outage: (step) => {
      const api = step.other % 2 === 0 ? source.root.path : calendar.root.path;
      outages.set(api.slice(1), timeline.now() + (1 + (step.other % 20)) * MINUTE);
    },
    "run-jobs": () => {
      for (const job of cluster.jobs) void cluster.runJob(job);
    },
  };

  function choiceOf(step: Step, name: string): Choice {
    return {
      slot: step.slot,
      other: step.other,
      booking: choose(chronicle.allBookings(), step),
      pick: (items) => choose(items, step),
      async call(method, path, body) {
        const { pathname, searchParams } = new URL(path, "http://sandbox");
        const notice = step.notice === undefined ? {} : { "x-sandbox-fault": step.notice };
        const outcome = sandbox.handle({
          ...{ method, path: pathname, query: searchParams, headers: { ...HEADERS, ...notice } },
          body: body === undefined ? "" : JSON.stringify(body),
        });
        chronicle.note("person", name);
        const answered = await outcome;
        if (answered.end !== "whole" || answered.reply.status >= 300) {
          throw new Error(answered.end === "whole" ? answered.reply.body.slice(0, 200) : "no answer");
        }
        return answered.reply.body === "" ? {} : JSON.parse(answered.reply.body);
      },
    };
  }

  function operatorDeeds(): Readonly<Record<string, Deed>> {
    const decide = (word: HoldWord["word"], status: string) => async (choice: Choice) => {
      const listed = await timeline.passing(cluster.receive("api", { method: "GET", path: ["holds"] }));
      // Proof: the holds as `GET /api/holds` answers them; nothing of them is trusted but ids.
      const { items = [] } = (listed.json ?? {}) as {
        items?: { id: string; status: string; items: HoldWord["items"] }[];
      };
      const hold = choice.pick(items.filter((each) => each.status === status));
      if (hold === undefined) return undefined;
      const answer = await timeline.passing(cluster.receive("api", { path: ["holds", hold.id, word] }));
      holdWords.push({ at: timeline.now(), n: chronicle.last(), word, items: hold.items });
      return `the operator says ${word} to ${hold.id} (${answer.status})`;
    };
    return { approve: decide("approve", "open"), reject: decide("reject", "open"), undo: decide("undo", "approved") };
  }

  async function actOnce(step: Step, index: number): Promise<void> {
    const befalls = weather[step.deed];
    if (befalls !== undefined) {
      say(`${index + 1}. ${step.deed} ${step.deed === "wait" ? `${Math.round(step.gapMs / 1000)} s` : ""}`);
      return befalls(step);
    }
    const deed = deeds[step.deed];
    if (deed === undefined) throw new Error(`Nobody does "${step.deed}" here.`);
    try {
      const text = await deed(choiceOf(step, step.deed));
      if (text !== undefined) done.push({ name: step.deed, at: timeline.now(), text });
      say(`${index + 1}. ${text ?? `nothing to ${step.deed}`}${step.notice === undefined ? "" : ` (${step.notice})`}`);
    } catch (error) {
      say(`${index + 1}. ${step.deed} was refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async function calmly(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      for (const job of cluster.jobs) void cluster.runJob(job);
      await timeline.runUntil(timeline.now() + MINUTE);
    }
  }

  return {
    act: async (step, index) => {
      await actOnce(step, index);
    },
    calmly,
    async calmDown(store) {
      cluster.stopJobs();
      for (const job of cluster.jobs) void cluster.runJob(job);
      // Whoever was held up when the world calmed down is done by then.
      await timeline.runUntil(timeline.now() + 12 * MINUTE);
      // What waits for its time waits up to hours; nobody needs every poll in between. Two rounds of every job in any case.
      cluster.startJobs(14);
      for (let rounds = 0; rounds < 40 && (rounds < 2 || (await waits(store))); rounds++) {
        await timeline.runUntil(timeline.now() + 15 * MINUTE);
      }
      cluster.stopJobs();
      await timeline.runUntil(timeline.now() + 2 * MINUTE);
      await calmly(2);
    },
    holdWords,
    deeds: done,
  };
}

/** True while a map is to be looked at again by itself, or an absence is on its way to being believed. */
async function waits(store: DocumentStore): Promise<boolean> {
  const where = [{ field: "dirty", op: "==", value: true }] as const;
  if ((await store.count({ collection: "eventMaps", where })) > 0) return true;
  const snapshots = await store.query<SnapshotDoc>({ collection: "snapshots" });
  const entries = snapshots.flatMap(({ data }) => Object.values(data.entries));
  return entries.some(({ missing, reported }) => missing !== undefined && reported !== true);
}

function choose<T>(items: readonly T[], { pick }: Step): T | undefined {
  return items[Math.min(items.length - 1, Math.floor(pick * items.length))];
}
