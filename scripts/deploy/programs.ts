import { spawn } from "node:child_process";
import { LockstepError } from "../../shared/errors.ts";
import type { Workplace } from "./carry-out.ts";
import type { Command } from "./step.ts";

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The installed gcloud and firebase-tools; they ask nothing and use whoever is logged in. */
export function installedPrograms(say: (line: string) => void): Workplace {
  return {
    say,
    async read(args) {
      const { code, out, err } = await start({ program: "gcloud", args: [...args, "--format=json"] });
      if (code === 0) return JSON.parse(out === "" ? "null" : out) ?? undefined;
      if (isAbsence(err)) return undefined;
      throw failed(err);
    },
    async run(command) {
      const { code, err, out } = await start(command);
      // Made between our look and our word, by another run: it is there, and the next look compares it.
      if (code !== 0 && !/ALREADY_EXISTS|already exists/i.test(err)) throw failed(err || out);
    },
  };
}

/** In whatever words a service says that it has no such thing, or, before its API is enabled, nothing at all. */
function isAbsence(err: string): boolean {
  return /NOT_FOUND|does not exist|Cannot find|SERVICE_DISABLED|has not been used in project/i.test(err);
}

/** The last lines hold gcloud's own reason and remedy. */
function failed(err: string): Error {
  return new Error(err.trim().split("\n").slice(-6).join("\n"));
}

function start({ program, args, input }: Command): Promise<Ended> {
  const environment = { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.once("error", (cause) => reject(notInstalled(program, cause)));
    child.once("close", (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

const INSTALL: Readonly<Record<Command["program"], string>> = {
  gcloud: "https://cloud.google.com/sdk/docs/install, then gcloud auth login",
  firebase: "npm install --no-save firebase-tools@ the version under peerDependencies in package.json",
};

function notInstalled(program: Command["program"], cause: unknown): LockstepError {
  return new LockstepError("CONFIG_INVALID", {
    detail: `${program} cannot be started. Install it: ${INSTALL[program]}.`,
    cause,
  });
}
