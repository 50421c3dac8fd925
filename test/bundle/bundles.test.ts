import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GUEST, NOTES } from "../../scripts/bench/deployed/operations.ts";
import { buildBundle, carryOut, prepareOperation, startBundle } from "../../scripts/bench/deployed/start-function.ts";
import {
  openSurroundings,
  PUSH_KEY,
  type Surroundings,
  WEBHOOK_SECRET,
} from "../../scripts/bench/deployed/surroundings.ts";
import { bundleAll } from "../../scripts/bundle/bundle-all.ts";
import type { Bundle } from "../../scripts/bundle/bundle-function.ts";
import { readFunctions } from "../../scripts/local/function-folders.ts";
import { onEmulators } from "../contract/emulated.ts";

const out = mkdtempSync(join(tmpdir(), "lockstep-bundles-"));
const functions = readFunctions(".");
let bundles: Map<string, Bundle>;

beforeAll(async () => {
  bundles = new Map(
    (await bundleAll(functions, { root: resolve("."), out, maps: false })).map((bundle) => [bundle.name, bundle]),
  );
  for (const { folder } of bundles.values()) buildBundle(folder);
}, 180_000);
afterAll(() => rmSync(out, { recursive: true }));

function bundleOf(name: string): Bundle {
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new Error(`${name} was not bundled`);
  return bundle;
}

test("each function is one file of code, with what starts it, what V8 made of it, what the buildpack asks for and the licences", () => {
  for (const { folder } of bundles.values()) {
    expect(
      readdirSync(folder)
        .filter((file) => file !== "dashboard")
        .toSorted(),
    ).toEqual([
      "LICENCES.txt",
      "Procfile",
      "function.bytecode",
      "function.js",
      "index.js",
      "package-lock.json",
      "package.json",
    ]);
  }
  const { folder } = bundleOf("sync");
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(manifest).toMatchObject({
    main: "index.js",
    scripts: { "gcp-build": "node index.js rehearse" },
    engines: { node: "24.x" },
  });
  expect(manifest.dependencies).toBeUndefined();
  expect(readFileSync(join(folder, "LICENCES.txt"), "utf8")).toMatch(
    /@google-cloud\/firestore .*\n[\s\S]*Apache License/,
  );
});

test("a function has a client only for what its roles open", () => {
  for (const [name, { roles }] of functions) {
    const packages = Object.keys(bundleOf(name).packages);
    const usesStore = roles.some(({ role }) => role === "roles/datastore.user");
    expect(packages.includes("@google-cloud/firestore"), name).toBe(usesStore);
    expect(
      packages.filter((each) => /grpc-js|google-cloud\/pubsub/.test(each)),
      name,
    ).toEqual([]);
  }
});

test("a push function carries no provider and no reader of configurations", () => {
  for (const name of ["gcal-push", "graph-push"]) {
    const packages = Object.keys(bundleOf(name).packages);
    expect(
      packages.filter((each) => /yaml|temporal|googleapis|graph-client|^pg/.test(each)),
      name,
    ).toEqual([]);
  }
});

await onEmulators("every bundle does a real operation", () => {
  let around: Surroundings;
  beforeAll(async () => {
    const [firestoreHost, pubsubHost] = [
      process.env["FIRESTORE_EMULATOR_HOST"] ?? "",
      process.env["PUBSUB_EMULATOR_HOST"] ?? "",
    ];
    around = await openSurroundings({ kind: "running", firestoreHost, pubsubHost, stop: async () => {} });
  }, 180_000);
  afterAll(() => around.close());

  for (const name of functions.keys()) {
    test(`the bundle of ${name} does what its trigger asks, with tokens, TLS and Firestore`, async () => {
      const operation = await prepareOperation(name, around);
      around.google.take();
      const instance = await startBundle(bundleOf(name).folder, around);

      try {
        await carryOut(instance, operation);

        expect(instance.output()).not.toMatch(/"request failed"|"severity":"CRITICAL"/);
        expect(canariesIn(instance.output(), around)).toEqual([]);
        expect(around.google.take().map(({ topic }) => topic)).toEqual(TELLS[name] ?? expect.anything());
      } finally {
        await instance.kill();
      }
    });
  }

  test("an instance starts without what V8 made of its function, and with what another V8 made", async () => {
    const bytecode = join(bundleOf("gcal-push").folder, "function.bytecode");
    const made = readFileSync(bytecode);
    try {
      for (const other of [undefined, Buffer.from("of another version"), made.subarray(0, 1_000)]) {
        rmSync(bytecode, { force: true });
        if (other !== undefined) writeFileSync(bytecode, other);
        const instance = await startBundle(bundleOf("gcal-push").folder, around);
        await carryOut(instance, await prepareOperation("gcal-push", around)).finally(() => instance.kill());
      }
    } finally {
      writeFileSync(bytecode, made);
    }
  });

  test("a booking told by webhook stands on the calendar after `sync`, carried out by bundles alone", async () => {
    const webhook = await startBundle(bundleOf("booking-webhook").folder, around);
    const sync = await startBundle(bundleOf("sync").folder, around);
    try {
      await carryOut(webhook, await prepareOperation("booking-webhook", around));
      const before = eventsOn(around);

      await carryOut(sync, await prepareOperation("sync", around));

      expect(eventsOn(around)).toBe(before + 1);
    } finally {
      await Promise.all([webhook.kill(), sync.kill()]);
    }
  });
  test("what goes wrong at a provider is logged without guests' words, and is acknowledged (R6)", async () => {
    const fault = (kinds: readonly string[]) => ({ api: "google", method: "POST", path: "/events", kinds });
    const say = async (rules: readonly object[]) => {
      const url = `${around.sandbox.url}/sandbox/faults`;
      const answer = await fetch(url, { method: "POST", body: JSON.stringify({ rules }) });
      expect(answer.ok, await answer.text()).toBe(true);
    };
    const sync = await startBundle(bundleOf("sync").folder, around);
    try {
      for (const kinds of [["status=400"], ["status=403"], ["status=500"], ["html"]]) {
        await say([fault(kinds)]);
        await carryOut(sync, await prepareOperation("sync", around));
      }

      expect(sync.output()).toMatch(/"severity":"(WARNING|ERROR)"/);
      expect(canariesIn(sync.output(), around)).toEqual([]);
    } finally {
      await Promise.all([say([]), sync.kill()]);
    }
  });
});

/** What each tells others by its operation. */
const TELLS: Readonly<Record<string, readonly string[]>> = {
  "gcal-push": ["calendar-touched"],
  "graph-push": ["calendar-touched"],
  "booking-webhook": ["observations"],
  "booking-inbox": ["observations"],
  sync: [],
  api: [],
};

/** Insertions that Google's simulation took so far. */
function eventsOn({ sandbox }: Surroundings): number {
  return sandbox.log.calls().filter(({ operation }) => operation === "events.insert").length;
}

/** Guests' words and secrets that a log holds; it may hold none (law of the logs, STYLE rule 25). */
function canariesIn(output: string, { google }: Surroundings): string[] {
  const key = JSON.parse(google.secrets.get("google-key") ?? "{}").private_key ?? "";
  const words = [GUEST, ...GUEST.split(" "), NOTES, "01632-960961", PUSH_KEY, WEBHOOK_SECRET, key.slice(60, 100)];
  return words.filter((word) => output.includes(word));
}
