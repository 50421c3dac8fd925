import "./without-domains.ts";
import { resolve } from "node:path";
import { LockstepError } from "../../shared/errors.ts";
import { readOptions, type StartOptions, USAGE } from "./options.ts";
import { type LocalRun, runLocally } from "./run-local.ts";
import { onStopSignals } from "./shutdown.ts";

// `npm start`: every function, the bus, the scheduler, the sandbox and demo data on this machine.
const ROOT = resolve(import.meta.dirname, "../..");

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const options = readOptions(args);
    if (options.help) {
      say(USAGE);
      return;
    }
    await start(options);
  } catch (error) {
    const known = error instanceof LockstepError;
    process.stderr.write(
      known ? `\n${error.message}\n` : `\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  }
}

async function start(options: StartOptions): Promise<void> {
  const starting = runLocally(options, ROOT, say);
  onStopSignals(() => void stop(starting), process.exit);
  await starting;
}

/** A stop while still starting waits for the start, since what is half open cannot be closed well. */
async function stop(starting: Promise<LocalRun>): Promise<void> {
  say("Stopping ... (Ctrl-C again: at once)");
  // Work that outlives its grace finds its store closed: the next start does it again, this one has not failed.
  process.on("unhandledRejection", () => {});
  const run = await starting.catch(() => undefined);
  await run?.stop();
  process.exit(0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
