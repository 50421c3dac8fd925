import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyConfiguration } from "../../scripts/configure/apply-configuration.ts";
import { allSteps } from "../../scripts/deploy/all-steps.ts";
import { carryOut } from "../../scripts/deploy/carry-out.ts";
import { commandsFor } from "../../scripts/deploy/run-deploy.ts";
import { removalsOf, tearDown } from "../../scripts/deploy/teardown.ts";
import { type FakeGcloud, fakeGcloud, PROJECT } from "./fake-gcloud.ts";
import { EXAMPLES, installationOf, otherConfig, STUDIO } from "./installation.ts";

const sdk = findSdk();
const required = process.env["LOCKSTEP_REQUIRE_EMULATORS"] === "1";
if (sdk === undefined)
  process.stderr.write("\n!! NOT TESTED: commands against gcloud's parser, because gcloud is not on the PATH.\n");

/** Where the SDK of the gcloud on the PATH is. */
function findSdk(): string | undefined {
  const found = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "gcloud"))
    .find((file) => existsSync(file));
  return found === undefined ? undefined : dirname(dirname(realpathSync(found)));
}

/** `ok` or `refused` for each command, and the parser's reasons. */
function parsed(commands: readonly (readonly string[])[]): { readonly answers: string[]; readonly reasons: string } {
  const script = join(import.meta.dirname, "parse-gcloud.py");
  const input = `${commands.map((args) => JSON.stringify(args)).join("\n")}\n`;
  const { stdout, stderr, error } = spawnSync("python3", [script, sdk ?? ""], { input, encoding: "utf8" });
  if (error !== undefined || stdout === "") throw error ?? new Error(stderr);
  return { answers: stdout.trim().split("\n"), reasons: stderr };
}

/** Everything that deployment ever says to gcloud: making, changing, reading, removing. */
async function everything(): Promise<string[][]> {
  const said: string[][] = [];
  const gcloud = recording(said);
  for (const file of EXAMPLES) {
    for (const { program, args } of await commandsFor(allSteps(installationOf(file)))) {
      if (program === "gcloud") said.push([...args]);
    }
  }
  await carryOut(allSteps(STUDIO), gcloud);
  changeAll(gcloud);
  await carryOut(allSteps(STUDIO), gcloud);
  await applyConfiguration({ ...STUDIO, config: otherConfig() }, gcloud);
  said.push(...removalsOf(STUDIO).map(({ look }) => [...look]));
  await tearDown(STUDIO, gcloud);
  return unique(said);
}

function recording(said: string[][]): FakeGcloud {
  const gcloud = fakeGcloud();
  return {
    ...gcloud,
    read: (args) => {
      said.push([...args, "--format=json"]);
      return gcloud.read(args);
    },
    run: (command) => {
      if (command.program === "gcloud") said.push([...command.args]);
      return gcloud.run(command);
    },
  };
}

/** Somebody changes one of everything by hand, so that each kind of correction is seen. */
function changeAll(gcloud: FakeGcloud): void {
  gcloud.tamper("database", "(default)", (it) => Object.assign(it, { deleteProtectionState: "" }));
  gcloud.tamper("subscription", "sync", (it) => Object.assign(it, { ackDeadlineSeconds: 1 }));
  gcloud.tamper("subscription", "dead-letter", (it) => Object.assign(it, { ackDeadlineSeconds: 1 }));
  gcloud.tamper("job", "sweep", (it) => Object.assign(it, { schedule: "1 1 1 1 1" }));
  gcloud.tamper("metric", "lockstep-changes", (it) => Object.assign(it, { filter: "x" }));
  gcloud.tamper("alert-policy", "Lockstep: Messages wait", (it) => Object.assign(it, { userLabels: {} }));
  gcloud.tamper("dashboard", "Lockstep", (it) => Object.assign(it, { labels: {} }));
  gcloud.tamper("policy", `project ${PROJECT}`, ({ bindings }) => {
    const member = `serviceAccount:lockstep-sync@${PROJECT}.iam.gserviceaccount.com`;
    if (Array.isArray(bindings)) bindings.push({ role: "roles/editor", members: [member] });
  });
}

function unique(commands: readonly string[][]): string[][] {
  return [...new Map(commands.map((args) => [JSON.stringify(args), args])).values()];
}

describe.runIf(sdk !== undefined || required)("the installed gcloud", () => {
  test("takes every command that deployment says to it, for each of the examples", async () => {
    const commands = await everything();

    const { answers, reasons } = parsed([...commands, ["run", "deploy", "sync", "--no-such-flag"]]);

    expect(commands.length).toBeGreaterThan(200);
    expect(answers).toHaveLength(commands.length + 1);
    expect(
      commands.filter((_, n) => answers[n] !== "ok"),
      reasons,
    ).toEqual([]);
    // The parser is the real one: it knows what it does not know.
    expect(reasons).toContain("--no-such-flag");
  }, 120_000);
});
