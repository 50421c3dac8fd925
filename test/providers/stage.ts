import type { FaultRule } from "../../scripts/sandbox/fault-rules.ts";
import { createSandbox, type Sandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedCamp, seedStudio, seedTown } from "../../scripts/sandbox/seed-demo.ts";
import type { CalendarConnection, SourceConnection } from "../../shared/ports/provider.ts";
import { type ManualClock, manualClock } from "../fakes/manual-clock.ts";
import { fakeMemory } from "../fakes/source-memory.ts";

export const ZONE = "America/New_York";

/** The sandbox without a port, a clock that only tests move, and whatever a provider is connected with. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  /** A connection to the sandbox's half of that name. */
  connection<Settings>(
    api: "google" | "graph" | "uschedule" | "booking" | "ical" | "osm" | "",
    settings: Settings,
  ): CalendarConnection<Settings> & SourceConnection<Settings>;
  /** Something only people or trouble do: `/sandbox/<path>`. Answers the body. */
  arrange(path: string, body: object): Promise<Record<string, unknown>>;
  /** The next matching calls go wrong. */
  fail(rule: Partial<FaultRule> & { kinds: string[] }): Promise<void>;
  /** `google events.list`, `uschedule bookit`: the calls since the last look. */
  calls(): string[];
  close(): void;
}

export function openStage(): Stage {
  const clock = manualClock();
  let ids = 0;
  const memory = fakeMemory();
  const newId = () => (++ids).toString(16).padStart(32, "0");
  const sandbox = createSandbox({ clock, newId, send: shakeHands });
  seedStudio(sandbox);
  seedTown(sandbox);
  seedCamp(sandbox);
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await sandbox.fetch(`http://sandbox/sandbox/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>; // the sandbox answers objects only
  };
  let seen = 0;
  return {
    sandbox,
    clock,
    connection: (api, settings) => ({
      settings,
      root: `http://sandbox/${api}`,
      timeZone: ZONE,
      secrets: { read: async (name) => `value of ${name}` },
      clock,
      fetch: sandbox.fetch,
      memory,
      properties: ["booking", "managed"],
    }),
    arrange: post,
    fail: async (rule) => void (await post("faults", { rules: [{ times: 1, ...rule }] })),
    calls() {
      const all = sandbox.log.calls().map(({ api, operation }) => `${api} ${operation}`);
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh.filter((name) => /^(google|graph|uschedule|booking|ical|osm) /.test(name));
    },
    close: () => sandbox.close(),
  };
}

/** Takes every push, and shows Graph that the address is ours (API_FACTS §3). */
const shakeHands: typeof fetch = async (input) =>
  new Response(new URL(String(input instanceof Request ? input.url : input)).searchParams.get("validationToken"));
