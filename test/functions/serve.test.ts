import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { entryOf } from "../../scripts/bundle/entry.ts";
import { readFunction } from "../../scripts/local/function-folders.ts";
import { demoConfig, problem } from "./edge-bench.ts";

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
});

const folder = mkdtempSync(join(tmpdir(), "lockstep-serve-"));
const configFile = join(folder, "lockstep.config.json");
writeFileSync(configFile, JSON.stringify(demoConfig()));
afterAll(() => rmSync(folder, { recursive: true }));

const CLOUD = {
  GOOGLE_CLOUD_PROJECT: "loftgolfschedule",
  LOCKSTEP_CONFIG: configFile,
  OIDC_AUDIENCE: "https://functions.example",
  OIDC_EMAILS: "push@loftgolfschedule.iam.gserviceaccount.com",
  METADATA_SERVER_DETECTION: "none",
  // What the demo's providers need of the environment; nothing is called.
  GOOGLE_API_ROOT: "http://127.0.0.1:1",
  USCHEDULE_API_ROOT: "http://127.0.0.1:1",
  GRAPH_API_ROOT: "http://127.0.0.1:1",
  BOOKING_API_ROOT: "http://127.0.0.1:1",
  GMAIL_API_ROOT: "http://127.0.0.1:1",
  OSM_API_ROOT: "http://127.0.0.1:1",
  ICAL_ROOT: "http://127.0.0.1:1",
  PORT: "0",
};

interface Started {
  /** The first line of the log. */
  readonly line: Record<string, unknown>;
  readonly code: Promise<number | null>;
  readonly port: number;
}

/** Starts one function as its deployed entry does. */
async function start(name: string, environment: Record<string, string>): Promise<Started> {
  const entry = `${entryOf(name, readFunction(join("functions", name, "function.yaml")))}
    const server = start();
    server.once("listening", () => process.stderr.write(String(server.address().port)));
  `;
  const started = spawn(process.execPath, ["--input-type=module", "-e", entry], { env: environment });
  child = started;
  const code = new Promise<number | null>((resolve) => started.once("exit", resolve));
  const [line, port] = await Promise.all([first(started.stdout), Promise.race([first(started.stderr), code])]);
  // Proof: createLog writes one JSON object per line.
  return { line: JSON.parse(line) as Record<string, unknown>, code, port: Number(port) };
}

function first(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) =>
    stream.once("data", (chunk: Buffer) => resolve(chunk.toString().split("\n")[0] ?? "")),
  );
}

const WRONG: [string, string, Record<string, string | undefined>, string][] = [
  ["sync", "no project", { GOOGLE_CLOUD_PROJECT: undefined }, "GOOGLE_CLOUD_PROJECT is not set: whose Firestore"],
  ["sync", "no configuration", { LOCKSTEP_CONFIG: undefined }, "LOCKSTEP_CONFIG is not set: the file that says"],
  ["sync", "a configuration that is not there", { LOCKSTEP_CONFIG: "/nowhere.json" }, "/nowhere.json cannot be read"],
  ["sync", "no audience", { OIDC_AUDIENCE: "" }, "OIDC_AUDIENCE is not set: what the tokens"],
  ["sync", "a real provider without a credential", { GOOGLE_API_ROOT: undefined }, "needs credentials"],
  ["watch-renewal", "no public address", {}, "PUBLIC_URL is not set: the https address providers push to"],
  [
    "watch-renewal",
    "a public address without TLS",
    { PUBLIC_URL: "http://x.example" },
    "PUBLIC_URL must be an https address",
  ],
];

for (const [name, what, change, says] of WRONG) {
  test(`${name} with ${what} does not start, and says why`, async () => {
    const environment = Object.fromEntries(
      Object.entries({ ...CLOUD, ...change }).filter(([, value]) => value !== undefined),
    );
    // Proof: what is undefined was left out in the line above.
    const { line, code } = await start(name, environment as Record<string, string>);

    expect(await code).toBe(1);
    expect(line).toMatchObject({ severity: "CRITICAL", code: "CONFIG_INVALID", function: name });
    expect(line["reason"]).toContain(says);
  });
}

test("a function deployed in the cloud answers through the same frame, and ends when it is told to", async () => {
  const { line, port, code } = await start("sync", CLOUD);

  const refused = await problem(await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "{" }));
  child?.kill("SIGTERM");

  expect(line).toMatchObject({ severity: "INFO", message: "function ready", function: "sync" });
  expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect(await code).toBe(0);
});
