import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { systemClock } from "../../shared/ports/clock.ts";
import { APIS } from "./apis.ts";
import { startSandbox } from "./sandbox.ts";
import { seedDemo } from "./seed-demo.ts";

// The sandbox alone, for curl and other stand-ins: `node scripts/run.mjs scripts/sandbox/main.ts --port 8090 --data DIR`.
const { values } = parseArgs({
  options: { port: { type: "string", default: "8090" }, data: { type: "string" }, empty: { type: "boolean" } },
});
const sandbox = await startSandbox({
  port: Number(values.port),
  clock: systemClock,
  newId: () => randomBytes(16).toString("hex"),
  ...(values.data === undefined ? {} : { dataDir: values.data }),
});
if (values.empty !== true) seedDemo(sandbox);
const places = APIS.map(({ title, name }) => `${title}: /${name}`).join(", ");
process.stdout.write(`Sandbox at ${sandbox.url} (${places}, controls: /sandbox)\n`);
process.once("SIGINT", () => void sandbox.close());
process.once("SIGTERM", () => void sandbox.close());
