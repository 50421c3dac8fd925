import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { type RunningSandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { freePort, type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { openStudio, type Studio, ZONE } from "./studio.ts";

/** Lockstep beside providers that live on when it is killed, as real ones do. */
export interface BesideSandbox {
  readonly sandbox: RunningSandbox;
  readonly studio: Studio;
  /** The process that runs now. */
  lockstep(): LockstepProcess;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both, with an empty studio; `policy` stands in the workspace's configuration. */
export async function startBesideSandbox(policy = "{}"): Promise<BesideSandbox> {
  const data = tempFolder();
  const sandbox = await startSandbox({
    ...{ clock: systemClock, port: 0 },
    newId: () => crypto.randomUUID().replaceAll("-", ""),
  });
  seedStudio(sandbox);
  const sandboxUrl = `http://localhost:${sandbox.port}`;
  const options = {
    ...{ port: await freePort(), data, args: ["--sandbox", "none", "--config", studioConfig(data, policy)] },
    env: { GOOGLE_API_ROOT: `${sandboxUrl}/google`, USCHEDULE_API_ROOT: `${sandboxUrl}/uschedule` },
  };
  let lockstep = await startLockstep(options);
  const webhook = { url: `${lockstep.url}/booking-webhook/loft/uschedule`, secret: webhookSecret(data) };
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: ZONE, webhook }));
  return {
    sandbox,
    studio: openStudio({ url: lockstep.url, sandboxUrl, data }),
    lockstep: () => lockstep,
    async restart() {
      lockstep = await startLockstep(options);
    },
    async close() {
      await lockstep.kill();
      await sandbox.close();
      removeFolder(data);
    },
  };
}

/** The demo's studio alone. */
function studioConfig(folder: string, policy: string): string {
  const file = join(folder, "studio.config.yaml");
  const demo = Demo.parse(parse(readFileSync("scripts/local/demo.config.yaml", "utf8")));
  const loft = { ...demo.workspaces.loft, policy: parse(policy) };
  writeFileSync(file, stringify({ workspaces: { loft } }));
  return file;
}

const Demo = z.object({ workspaces: z.object({ loft: z.looseObject({}) }) });

function webhookSecret(folder: string): string {
  const secrets = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")));
  return secrets["webhook-loft-uschedule"] ?? "";
}
