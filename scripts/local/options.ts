import { parseArgs } from "node:util";
import { LockstepError } from "../../shared/errors.ts";

/** The simulated providers that `--sandbox` can name. */
export const SANDBOXES = ["google", "uschedule", "graph", "booking", "ical", "osm", "gmail"] as const;
export type SandboxName = (typeof SANDBOXES)[number];

/** What `npm start` was asked for. */
export interface StartOptions {
  /** Of the gateway; 0 takes any free one. */
  readonly port: number;
  readonly sandboxPort: number;
  /** Everything that must outlive the process. */
  readonly data: string;
  /** The official emulators behind the cloud adapters, in place of SQLite. */
  readonly emulators: boolean;
  /** The providers that are simulated; the others are reached at their real addresses. */
  readonly sandbox: readonly SandboxName[];
  /** Another `lockstep.config.yaml` than the demo's. */
  readonly config?: string;
  readonly help: boolean;
}

export const USAGE = `npm start [-- OPTIONS]

  --port N           gateway with all functions (8080; 0: any free port)
  --sandbox-port N   simulated providers (8090; 0: any free port)
  --data DIR         where everything is kept (.lockstep)
  --config FILE      your own lockstep.config.yaml in place of the demo
  --sandbox WHICH    all | none | a list of ${SANDBOXES.join(",")} (all)
  --emulators        Firestore and Pub/Sub emulators in place of SQLite
  --help             this text
`;

const KNOWN = {
  port: { type: "string", default: "8080" },
  "sandbox-port": { type: "string", default: "8090" },
  data: { type: "string", default: ".lockstep" },
  config: { type: "string" },
  sandbox: { type: "string", default: "all" },
  emulators: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line. Throws CONFIG_INVALID naming the option and what it takes. */
export function readOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  return {
    port: portOf("--port", values.port),
    sandboxPort: portOf("--sandbox-port", values["sandbox-port"]),
    data: values.data,
    emulators: values.emulators,
    sandbox: sandboxesOf(values.sandbox),
    ...(values.config === undefined ? {} : { config: values.config }),
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: KNOWN, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node's own sentence names the option; its hint about "--" only confuses here.
    const says = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw wrong(`${says}.`);
  }
}

function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw wrong(`${option} takes a port from 0 to 65535, not "${text}".`);
  return port;
}

function sandboxesOf(text: string): readonly SandboxName[] {
  if (text === "all") return SANDBOXES;
  if (text === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !SANDBOXES.some((known) => known === name));
  if (unknown !== undefined) {
    throw wrong(`--sandbox takes all, none or a list of ${SANDBOXES.join(", ")}, not "${unknown}".`);
  }
  return SANDBOXES.filter((known) => names.includes(known));
}

function wrong(detail: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", { detail: `${detail} npm start -- --help lists the options.` });
}
