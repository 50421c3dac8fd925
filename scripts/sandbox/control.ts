import { z } from "zod";
import { APIS, apiNamed } from "./apis.ts";
import type { CallLog } from "./call-log.ts";
import { FAULT_KINDS } from "./fault-kinds.ts";
import { FaultRule } from "./fault-rules.ts";
import { Options, showOptions } from "./options.ts";
import { seedDemo } from "./seed-demo.ts";
import { showState } from "./show-state.ts";
import type { SimulatedApi } from "./simulated-api.ts";
import { json, parseJson, Refusal, type Reply } from "./wire.ts";
import type { Call } from "./world.ts";

const KnownRule = FaultRule.refine(({ api }) => api === undefined || apiNamed(api) !== undefined, {
  path: ["api"],
  message: `is none of ${APIS.map(({ name }) => name).join(", ")}`,
});
const Rules = z.strictObject({ rules: z.array(KnownRule), seed: z.number().int().optional() });
const ClockChange = z.union([
  z.strictObject({ advanceSeconds: z.number().min(0) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
]);
const Reset = z.strictObject({ demo: z.boolean().default(false) });

/** `/sandbox/…`: what no provider offers: staff actions, clock, faults, and looking at everything. */
export function answerControl(call: Call, log: CallLog): Reply {
  const [, , area = "", action = ""] = call.request.path.split("/");
  const api = apiNamed(area);
  if (api !== undefined) return answerAction(call, api, action);
  const handle = Object.hasOwn(AREAS, area) ? AREAS[area] : undefined;
  return handle === undefined
    ? json(404, { Message: "No such sandbox path.", paths: Object.keys(AREAS) })
    : handle(call, log, action);
}

const AREAS: Readonly<Record<string, (call: Call, log: CallLog, action: string) => Reply>> = {
  "": () =>
    json(200, {
      paths: Object.keys(AREAS).map((area) => `/sandbox/${area}`),
      actions: Object.fromEntries(APIS.map(({ name, actions }) => [name, Object.keys(actions)])),
    }),
  state: (call) => json(200, showState(call.world)),
  calls: answerCalls,
  deliveries: (_, log) => json(200, { deliveries: log.deliveries() }),
  clock: answerClock,
  options: answerOptions,
  faults: answerFaults,
  reset: answerReset,
};

/** Reads the body of a control call. Refuses with 400 and what is wrong with it. */
export function readControl<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(parseJson(call.request.body));
  if (read.success) return read.data;
  throw new Refusal(json(400, { Message: z.prettifyError(read.error) }));
}

function answerAction(call: Call, { actions }: SimulatedApi, action: string): Reply {
  const handle = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (handle === undefined) return json(404, { Message: "No such action.", actions: Object.keys(actions) });
  return call.request.method === "POST" ? handle(call) : json(405, { Message: "Use POST." });
}

function answerCalls({ request }: Call, log: CallLog, action: string): Reply {
  if (request.method === "DELETE" || action === "reset") log.reset();
  return json(200, { counts: log.counts(), calls: log.calls() });
}

function answerClock(call: Call): Reply {
  const { world, request } = call;
  if (request.method === "POST") {
    const change = readControl(call, ClockChange);
    const ms = "to" in change ? Date.parse(change.to) - world.now() : change.advanceSeconds * 1000;
    if (ms < 0) return json(400, { Message: "The clock only goes forward." });
    world.advance(ms);
  }
  return json(200, { now: new Date(world.now()).toISOString(), aheadMs: world.now() - world.wall() });
}

function answerOptions(call: Call): Reply {
  const { world, request } = call;
  if (request.method === "POST") {
    const given = readControl(call, z.record(z.string(), z.unknown()));
    const read = Options.safeParse({ ...world.options(), ...given });
    if (!read.success) return json(400, { Message: z.prettifyError(read.error) });
    world.setOptions(read.data);
  }
  return json(200, showOptions(world.options()));
}

function answerFaults(call: Call): Reply {
  const { world, request } = call;
  if (request.method === "DELETE") for (const id of world.rules.ids("rules")) world.rules.remove("rules", id);
  if (request.method === "POST") {
    const { rules, seed } = readControl(call, Rules);
    if (seed !== undefined) world.dice.reseed(seed);
    for (const rule of rules) world.rules.put("rules", String(world.next("rule")), rule);
  }
  return json(200, { rules: world.rules.all("rules"), kinds: FAULT_KINDS });
}

/** Forgets everything but the options; with `demo` the demo data stand there again. */
function answerReset(call: Call, log: CallLog): Reply {
  if (call.request.method !== "POST") return json(405, { Message: "Use POST." });
  const { demo } = readControl(call, Reset);
  const options = call.world.options();
  call.world.cabinet.clear();
  call.world.setOptions(options);
  log.reset();
  if (demo)
    seedDemo({
      arrange: (act) =>
        act({ ...call, faults: { list: [], has: (kind) => kind === "notify-lost", value: () => undefined } }),
    });
  return json(200, { reset: true, demo });
}
