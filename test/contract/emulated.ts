import { describe, inject, test } from "vitest";
import { z } from "zod";

const Emulators = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("running"), firestoreHost: z.string(), pubsubHost: z.string() }),
  z.object({ kind: z.literal("missing"), reason: z.string() }),
]);

/**
 * Registers suites that need the official emulators, with the clients' environment set. Where there
 * are none, the suites are skipped with the reason in the test's name, or fail where
 * LOCKSTEP_REQUIRE_EMULATORS=1 says that they must run.
 */
export async function onEmulators(name: string, register: () => void): Promise<void> {
  const emulators = Emulators.parse(await (await fetch(inject("emulatorsAt"))).json());
  if (emulators.kind === "running") {
    process.env["FIRESTORE_EMULATOR_HOST"] = emulators.firestoreHost;
    process.env["PUBSUB_EMULATOR_HOST"] = emulators.pubsubHost;
    register();
    return;
  }
  const required = process.env["LOCKSTEP_REQUIRE_EMULATORS"] === "1";
  process.stderr.write(`\n!! NOT TESTED: ${name}, because ${emulators.reason}.\n`);
  describe(name, () => {
    test.runIf(required)(`runs on the official emulators (missing: ${emulators.reason})`, () => {
      throw new Error(`LOCKSTEP_REQUIRE_EMULATORS=1, but ${emulators.reason}.`);
    });
  });
}

/** Ours on every emulator; it needs no credentials. */
export const PROJECT = "lockstep-test";
