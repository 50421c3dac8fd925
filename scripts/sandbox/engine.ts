import { type Alarm, wait } from "./alarm.ts";
import { apiOfPath } from "./apis.ts";
import type { CallLog } from "./call-log.ts";
import { answerControl } from "./control.ts";
import type { Courier } from "./courier.ts";
import { type FaultSet, faultSet, parseFaults } from "./fault-kinds.ts";
import { takeFaults } from "./fault-rules.ts";
import { replyInstead, spoil } from "./fault-stage.ts";
import type { SimulatedApi } from "./simulated-api.ts";
import { json, type Outcome, Refusal, type Reply, type SandboxRequest } from "./wire.ts";
import type { Call, World } from "./world.ts";

/** What carries a request from its faults through a state machine to its answer. */
export interface Engine {
  readonly world: World;
  readonly log: CallLog;
  readonly alarm: Alarm;
  readonly courier: Courier;
  readonly origin: string;
}

export async function handleRequest(engine: Engine, request: SandboxRequest): Promise<Outcome> {
  const api = apiOfPath(request.path);
  if (api === undefined) return answerOwn(engine, request);
  const faults = draw(engine.world, request);
  if (faults instanceof Refusal) return whole(faults.reply);
  const before = Number(faults.value("delay-before") ?? 0);
  if (before > 0) await wait(engine.alarm, before);
  const outcome = carryOut({ world: engine.world, request, faults, origin: engine.origin }, api);
  logCall(engine, request, api, faults, outcome);
  engine.courier.wake();
  return outcome;
}

/** The sandbox's own paths: not counted, no rule applies; a header may hold back what they notify. */
function answerOwn(engine: Engine, request: SandboxRequest): Outcome {
  const faults = headerFaults(request);
  if (faults instanceof Refusal) return whole(faults.reply);
  const call = { world: engine.world, request, faults, origin: engine.origin };
  const reply = settle(engine.world, () => answerControl(call, engine.log));
  engine.courier.wake();
  return whole(reply);
}

/** The call's faults; a rule's count is spent even where the call is then refused. */
function draw(world: World, request: SandboxRequest): FaultSet | Refusal {
  try {
    const faults = faultSet(takeFaults(world.rules, world.dice, request));
    world.cabinet.commit();
    return faults;
  } catch (error) {
    return unknownFault(error);
  }
}

function headerFaults(request: SandboxRequest): FaultSet | Refusal {
  try {
    return faultSet(parseFaults(request.headers["x-sandbox-fault"] ?? ""));
  } catch (error) {
    return unknownFault(error);
  }
}

function unknownFault(error: unknown): Refusal {
  if (error instanceof RangeError) return new Refusal(json(400, { Message: error.message }));
  throw error;
}

function carryOut(call: Call, api: SimulatedApi): Outcome {
  const { faults, world } = call;
  const delayMs = Number(faults.value("delay-after") ?? 0);
  if (faults.has("timeout-before")) return { end: "closed", delayMs };
  const instead = replyInstead(faults, api);
  if (instead !== undefined) return { end: "whole", reply: instead, delayMs };
  api.prepare?.(call);
  world.cabinet.commit();
  const reply = settle(world, () => api.answer(call));
  if (faults.has("timeout-after")) return { end: "closed", delayMs };
  return { end: faults.has("cut") ? "cut" : "whole", reply: spoil(faults, api, reply), delayMs };
}

function logCall(engine: Engine, request: SandboxRequest, api: SimulatedApi, faults: FaultSet, outcome: Outcome): void {
  const { method, path } = request;
  engine.log.call({
    at: new Date(engine.world.now()).toISOString(),
    api: api.name,
    operation: api.operation(request) ?? "unknown",
    method,
    path,
    status: outcome.end === "closed" ? 0 : outcome.reply.status,
    faults: faults.list.map(({ kind }) => kind),
    ...api.remarks?.(request),
  });
}

/** Runs one step of a state machine: durable before the answer leaves, undone where it refuses. */
function settle(world: World, act: () => Reply): Reply {
  try {
    const reply = act();
    world.cabinet.commit();
    return reply;
  } catch (error) {
    world.cabinet.rollback();
    if (error instanceof Refusal) return error.reply;
    return json(500, { Message: `A defect of the sandbox: ${error instanceof Error ? error.stack : String(error)}` });
  }
}

export function arrange(engine: Engine, act: (call: Call) => void): void {
  const request = { method: "POST", path: "/sandbox", query: new URLSearchParams(), headers: {}, body: "" };
  act({ world: engine.world, request, faults: faultSet([{ kind: "notify-lost", params: {} }]), origin: engine.origin });
  engine.world.cabinet.commit();
}

function whole(reply: Reply): Outcome {
  return { end: "whole", reply, delayMs: 0 };
}
