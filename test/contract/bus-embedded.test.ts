import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteBus, type Push } from "../../shared/embedded/sqlite-bus.ts";
import type { Timer } from "../../shared/embedded/timer.ts";
import type { PushEnvelope, SubscriptionSpec } from "../../shared/ports/bus.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-bus-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sync: SubscriptionSpec = {
  name: "sync",
  topic: "observations",
  target: "sync",
  minBackoffMs: 1000,
  maxBackoffMs: 4000,
  ackDeadlineMs: 30_000,
  maxDeliveryAttempts: 5,
  deadLetterTopic: "dead",
  ordered: true,
};
const letters: SubscriptionSpec = { ...sync, name: "letters", topic: "dead", ordered: false };
const { deadLetterTopic: _, ...alone } = letters;
const specs = [sync, alone];

test("S30: a delivery without a recorded acknowledgement is made again after a crash, in order, and counted", async () => {
  const file = join(folder, "bus.sqlite");
  const dying = openSqliteBus({ file, subscriptions: specs, push: () => new Promise(() => {}), timer: stillTimer() });
  dying.start();
  await dying.publish("observations", [message("one"), message("two")]);
  await new Promise(setImmediate);
  // No stop and no close: the first delivery is under way when the process is gone.

  const seen: PushEnvelope[] = [];
  const next = openSqliteBus({ file, subscriptions: specs, push: accepting(seen), timer: stillTimer() });
  next.start();
  await next.idle();

  expect(seen.map(textOf)).toEqual(["one", "two"]);
  expect(seen.map((each) => each.deliveryAttempt)).toEqual([2, 1]);
  expect(next.depth()).toEqual([]);
  await next.close();
});

test("after kill -9 in the middle of a burst every accepted message is delivered, each key in order", async () => {
  const file = join(folder, "bus.sqlite");
  const log = join(folder, "seen.txt");
  const program = `
    const { appendFileSync } = await import("node:fs");
    const { openSqliteBus } = await import("./shared/embedded/sqlite-bus.ts");
    const push = async (_, { message }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      appendFileSync(${JSON.stringify(log)}, Buffer.from(message.data, "base64") + "\\n");
      return { status: 204 };
    };
    const bus = openSqliteBus({ file: ${JSON.stringify(file)}, subscriptions: ${JSON.stringify(specs)}, push });
    bus.start();
    for (let n = 0; ; n++) {
      await bus.publish("observations", ["a", "b", "c"].map((key) =>
        ({ data: key + " " + n, attributes: {}, orderingKey: key })));
      process.stdout.write(n + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }`;
  const accepted = await killAfterLines(program, 60);

  const late: string[] = [];
  const bus = openSqliteBus({
    file,
    subscriptions: specs,
    push: async (_spec, envelope) => ({ status: late.push(textOf(envelope)) && 204 }),
  });
  bus.start();
  await bus.idle();
  await bus.close();

  const early = readFileSync(log, "utf8").trim().split("\n");
  for (const key of ["a", "b", "c"]) {
    const numbers = (lines: string[]) =>
      lines.filter((each) => each.startsWith(key)).map((each) => Number(each.slice(2)));
    const [before, after] = [numbers(early), numbers(late)];
    // Only the delivery cut in two may be seen twice; nothing is missing and nothing overtakes.
    expect(before).toEqual(before.toSorted((x, y) => x - y));
    expect(after).toEqual(after.toSorted((x, y) => x - y));
    const all = [...new Set([...before, ...after])];
    expect(all).toEqual(Array.from({ length: all.length }, (_each, n) => n));
    expect(all.length).toBeGreaterThan(accepted);
    expect(before.length + after.length - all.length).toBeLessThanOrEqual(1);
  }
});

test("a message whose last attempt ended in a crash goes to the dead letters without another attempt", async () => {
  const file = join(folder, "bus.sqlite");
  for (let crash = 0; crash < 5; crash++) {
    const dying = openSqliteBus({ file, subscriptions: specs, push: () => new Promise(() => {}), timer: stillTimer() });
    dying.start();
    if (crash === 0) await dying.publish("observations", [message("killer"), message("next")]);
    await new Promise(setImmediate);
  }

  const seen: PushEnvelope[] = [];
  const bus = openSqliteBus({ file, subscriptions: specs, push: accepting(seen), timer: stillTimer() });
  bus.start();
  await bus.idle();

  expect(seen.map((each) => `${each.subscription}: ${textOf(each)}`).toSorted()).toEqual([
    "projects/local/subscriptions/letters: killer",
    "projects/local/subscriptions/sync: next",
  ]);
  await bus.close();
});

test("S27: backoff doubles up to its maximum, is kept over a restart, and ends in the dead letters", async () => {
  const file = join(folder, "bus.sqlite");
  const timer = stillTimer();
  const tries: [string, string][] = [];
  const push: Push = async (spec) => {
    tries.push([spec.name, timer.now()]);
    return { status: spec.name === "sync" ? 500 : 204 };
  };
  let bus = openSqliteBus({ file, subscriptions: specs, push, timer });
  bus.start();
  await bus.publish("observations", [message("bad")]);
  await bus.idle();
  await timer.advance(1000);
  await bus.idle();
  expect(bus.nextDue()).toBe("2027-01-10T09:00:03.000Z");

  await bus.close();
  expect(timer.waiting()).toBe(0);
  bus = openSqliteBus({ file, subscriptions: specs, push, timer });
  bus.start();
  await bus.idle();
  for (let second = 0; second < 12; second++) {
    await timer.advance(1000);
    await bus.idle();
  }

  expect(tries).toEqual([
    ["sync", "2027-01-10T09:00:00.000Z"],
    ["sync", "2027-01-10T09:00:01.000Z"],
    ["sync", "2027-01-10T09:00:03.000Z"],
    ["sync", "2027-01-10T09:00:07.000Z"],
    ["sync", "2027-01-10T09:00:11.000Z"],
    ["letters", "2027-01-10T09:00:11.000Z"],
  ]);
  expect(bus.nextDue()).toBeUndefined();
  expect(bus.depth()).toEqual([]);
  await bus.close();
});

test("an idle bus waits for nothing: no timer, no polling", async () => {
  const timer = stillTimer();
  const bus = openSqliteBus({ file: ":memory:", subscriptions: specs, push: accepting([]), timer });
  bus.start();
  await bus.publish("observations", [message("one")]);
  await bus.idle();

  expect(timer.waiting()).toBe(0);
  await bus.close();
});

test("a delivery beyond its ack deadline is called off and counts as refused", async () => {
  const timer = stillTimer();
  let aborted = 0;
  const hanging: Push = (_spec, _envelope, signal) =>
    new Promise(() => {
      signal.addEventListener("abort", () => {
        aborted += 1;
      });
    });
  const bus = openSqliteBus({ file: ":memory:", subscriptions: specs, push: hanging, timer });
  bus.start();
  await bus.publish("observations", [message("slow")]);
  await new Promise(setImmediate);

  await timer.advance(30_000);
  await bus.idle();

  expect(aborted).toBe(1);
  expect(bus.nextDue()).toBe("2027-01-10T09:00:31.000Z");
  await bus.stop();
  await bus.close();
});

test("at most eight deliveries run at a time, and each subscription has its own eight", async () => {
  const running = new Map<string, number>();
  const copy = { ...alone, name: "copy", topic: "observations" };
  const push: Push = (spec) => {
    running.set(spec.name, (running.get(spec.name) ?? 0) + 1);
    return new Promise(() => {});
  };
  const bus = openSqliteBus({ file: ":memory:", subscriptions: [...specs, copy], push, timer: stillTimer() });
  bus.start();

  await bus.publish(
    "observations",
    Array.from({ length: 20 }, (_each, n) => message("x", `key-${n}`)),
  );
  await new Promise(setImmediate);

  expect(Object.fromEntries(running)).toEqual({ sync: 8, copy: 8 });
});

test("stop waits for what runs, starts nothing new, and start goes on where it stopped", async () => {
  const held = Promise.withResolvers<void>();
  const seen: string[] = [];
  const push: Push = async (_spec, envelope) => {
    seen.push(textOf(envelope));
    if (seen.length === 1) await held.promise;
    return { status: 204 };
  };
  const bus = openSqliteBus({ file: ":memory:", subscriptions: specs, push, timer: stillTimer() });
  bus.start();
  await bus.publish("observations", [message("one"), message("two")]);
  await new Promise(setImmediate);

  let stopped = false;
  const stopping = bus.stop().then(() => {
    stopped = true;
  });
  await bus.publish("observations", [message("three")]);
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  expect(() => bus.start()).toThrow("still stopping");
  held.resolve();
  await stopping;
  expect(seen).toEqual(["one"]);
  expect(bus.depth()).toMatchObject([{ subscription: "sync", messages: 2 }]);

  bus.start();
  await bus.idle();
  expect(seen).toEqual(["one", "two", "three"]);
  await bus.close();
});

test("messages of a subscription that is no longer configured stay in the file", async () => {
  const file = join(folder, "bus.sqlite");
  const copy = { ...alone, name: "copy", topic: "observations" };
  const first = openSqliteBus({ file, subscriptions: [...specs, copy], push: accepting([]), timer: stillTimer() });
  await first.publish("observations", [message("one")]);
  await first.close();

  const second = openSqliteBus({ file, subscriptions: specs, push: accepting([]), timer: stillTimer() });
  second.start();
  await second.idle();

  expect(second.depth()).toMatchObject([{ subscription: "copy", messages: 1 }]);
  await second.close();
});

test("dead letters that nobody would take are refused when the bus opens", () => {
  expect(() => openSqliteBus({ file: ":memory:", subscriptions: [sync], push: accepting([]) })).toThrow(
    /dead letters of sync/,
  );
});

test("a bus that cannot write is BUS_UNAVAILABLE to its publisher", async () => {
  const bus = openSqliteBus({ file: ":memory:", subscriptions: specs, push: accepting([]) });
  await bus.close();

  await expect(bus.publish("observations", [message("one")])).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
});

/** A clock that moves only when told. */
function stillTimer(): Timer & { advance(ms: number): Promise<void>; waiting(): number } {
  let now = Date.parse("2027-01-10T09:00:00.000Z");
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => new Date(now).toISOString(),
    after(ms, run) {
      const entry = { at: now + ms, run };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    async advance(ms) {
      now += ms;
      for (const entry of [...waiting].filter((each) => each.at <= now)) {
        waiting.delete(entry);
        entry.run();
      }
      await new Promise(setImmediate);
    },
    waiting: () => waiting.size,
  };
}

function accepting(seen: PushEnvelope[]): Push {
  return async (_spec, envelope) => {
    seen.push(envelope);
    return { status: 204 };
  };
}

function message(data: string, orderingKey = "loft/bay-1") {
  return { data, attributes: {}, orderingKey };
}

function textOf(envelope: PushEnvelope): string {
  return Buffer.from(envelope.message.data ?? "", "base64").toString();
}

/** Runs the program, kills it after so many lines and answers the number on that line. */
async function killAfterLines(program: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise((resolve) => child.on("exit", (_code, signal) => resolve(signal)));
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split("\n").length > lines) child.kill("SIGKILL");
  });
  expect(await gone).toBe("SIGKILL");
  return Number(text.split("\n")[lines - 1]);
}
