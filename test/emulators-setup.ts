import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type Emulators, startEmulators } from "../scripts/emulators.ts";

/**
 * One pair of emulators per test run, started when the first suite asks, so that a run of other
 * tests pays nothing. Suites ask through `emulatorsAt` (see `contract/emulated.ts`).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let asked: Promise<Emulators> | undefined;
  const server = createServer(async (_request, response) => {
    asked ??= startEmulators();
    const answer = await asked.catch((error: unknown) => ({ kind: "missing", reason: String(error) }));
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  project.provide("emulatorsAt", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return async () => {
    server.close();
    const emulators = await asked?.catch(() => undefined);
    if (emulators?.kind === "running") await emulators.stop();
  };
}

declare module "vitest" {
  interface ProvidedContext {
    emulatorsAt: string;
  }
}
