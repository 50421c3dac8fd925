import { parseArgs } from "node:util";
import { LockstepError } from "../../shared/errors.ts";
import { GROUPS } from "./step.ts";

/** What `npm run deploy` was asked for. */
export interface DeployOptions {
  readonly does: "deploy" | "teardown";
  readonly project: string;
  readonly region: string;
  /** The customer's `lockstep.config.yaml`. */
  readonly config: string;
  readonly only: readonly string[];
  /** Prints the commands that a project with nothing in it would get; asks nobody. */
  readonly dryRun: boolean;
  /** Says what differs in the project, and changes nothing. */
  readonly plan: boolean;
  readonly publicUrl?: string;
  readonly notify?: string;
  /** A teardown happens only with this word. */
  readonly yes: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run deploy -- [teardown] --project ID --region REGION --config FILE [OPTIONS]

  --project ID       the Google Cloud project, with billing
  --region REGION    of functions, jobs and the database, e.g. europe-west2
  --config FILE      your lockstep.config.yaml
  --plan             say what differs from what is described, change nothing
  --dry-run          print the commands an empty project would get, ask nobody
  --only LIST        of ${GROUPS.join(",")}, or names of functions
  --public-url URL   your own domain in front of the functions; default: each function's own address
  --notify EMAIL     who is told of alerts
  --yes              with teardown: do it. Database and secrets always stay
  --help             this text
`;

const KNOWN = {
  project: { type: "string", default: "" },
  region: { type: "string", default: "" },
  config: { type: "string", default: "" },
  only: { type: "string", default: "" },
  "public-url": { type: "string" },
  notify: { type: "string" },
  plan: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line; `functions` are the names that `--only` takes too. Throws CONFIG_INVALID naming the option. */
export function readOptions(args: readonly string[], functions: readonly string[]): DeployOptions {
  const { values, positionals } = parse(args);
  const options: DeployOptions = {
    does: doesOf(positionals),
    ...{ project: values.project, region: values.region, config: values.config },
    only: values.only === "" ? [] : values.only.split(",").map((name) => name.trim()),
    ...{ dryRun: values["dry-run"], plan: values.plan, yes: values.yes, help: values.help },
    ...(values["public-url"] !== undefined && { publicUrl: values["public-url"].replace(/\/+$/, "") }),
    ...(values.notify !== undefined && { notify: values.notify }),
  };
  if (!options.help) check(options, functions);
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: KNOWN, strict: true, allowPositionals: true });
  } catch (error) {
    // Node's own sentence names the option; its hint about "--" only confuses here.
    throw wrong(error instanceof Error ? `${error.message.split(". ")[0]}.` : String(error));
  }
}

function doesOf([word, ...rest]: readonly string[]): DeployOptions["does"] {
  if (rest.length > 0 || (word !== undefined && word !== "teardown")) throw wrong(`There is no ${rest[0] ?? word}.`);
  return word === undefined ? "deploy" : "teardown";
}

function check(options: DeployOptions, functions: readonly string[]): void {
  const { project, region, config, only, publicUrl, notify } = options;
  if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project))
    throw wrong("--project takes a project's id, e.g. loft-lockstep.");
  if (!/^[a-z]+-[a-z]+\d$/.test(region)) throw wrong("--region takes a region, e.g. europe-west2.");
  if (config === "") throw wrong("--config takes your lockstep.config.yaml.");
  const unknown = only.find((name) => !functions.includes(name) && !GROUPS.some((group) => group === name));
  if (unknown !== undefined) throw wrong(`--only knows no ${unknown}.`);
  if (publicUrl !== undefined && !/^https:\/\/[^/?#]+(\/[^?#]*)?$/.test(publicUrl)) {
    throw wrong("--public-url takes an https address.");
  }
  if (notify !== undefined && !/^\S+@\S+\.\S+$/.test(notify)) throw wrong("--notify takes an e-mail address.");
}

function wrong(detail: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", { detail: `${detail} npm run deploy -- --help lists the options.` });
}
