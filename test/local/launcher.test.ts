import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const LOCK = {
  packages: { "": {}, "node_modules/a": { version: "1.2.3" }, "node_modules/b": { version: "2.0.0", optional: true } },
};

/** A project of its own with our launcher, this Node as the pinned one, and an npm that only notes that it ran. */
describe("the launcher scripts/run.mjs", () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "lockstep-launcher-"));
    mkdirSync(join(project, "scripts"));
    mkdirSync(join(project, "node_modules", ".bin"), { recursive: true });
    copyFileSync("scripts/run.mjs", join(project, "scripts", "run.mjs"));
    symlinkSync(process.execPath, join(project, "node_modules", ".bin", "node"));
    write("package-lock.json", LOCK);
    writeFileSync(
      join(project, "npm.js"),
      `require("fs").writeFileSync("npm-ran", ""); process.exit(Number(process.env.NPM_CODE ?? 0))`,
    );
    writeFileSync(join(project, "say.mjs"), "console.log(process.argv.slice(2).join()); process.exit(7);");
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  function write(file: string, content: object): void {
    writeFileSync(join(project, file), JSON.stringify(content));
  }

  function run(env: Record<string, string> = {}) {
    const { npm_lifecycle_event: _, ...rest } = process.env;
    return spawnSync(process.execPath, ["scripts/run.mjs", "say.mjs", "--a", "b c"], {
      cwd: project,
      encoding: "utf8",
      env: { ...rest, npm_execpath: join(project, "npm.js"), ...env },
    });
  }

  const npmRan = () => existsSync(join(project, "npm-ran"));

  test("passes arguments and the exit code, and installs nothing where all is there", () => {
    write("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.2.3" } } });

    const { status, stdout } = run();

    expect({ status, stdout }).toEqual({ status: 7, stdout: "--a,b c\n" });
    expect(npmRan()).toBe(false);
  });

  test.each([
    ["nothing is installed", undefined],
    ["a version differs from the lock file", { packages: { "node_modules/a": { version: "1.2.2" } } }],
    ["a package of the lock file is missing", { packages: {} }],
  ])("installs first where %s", (_why, present) => {
    if (present !== undefined) write("node_modules/.package-lock.json", present);

    expect(run().status).toBe(7);
    expect(npmRan()).toBe(true);
  });

  test("says what to do where installing fails, and does not start the script", () => {
    const { status, stdout, stderr } = run({ NPM_CODE: "1" });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("npm ci failed. Remedy:");
  });

  test.skipIf(process.platform === "win32")("passes SIGTERM on to the script", async () => {
    write("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.2.3" } } });
    writeFileSync(
      join(project, "say.mjs"),
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');",
    );
    const child = spawn(process.execPath, ["scripts/run.mjs", "say.mjs"], { cwd: project });
    await new Promise((resolve) => child.stdout.once("data", resolve));

    child.kill("SIGTERM");

    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(5);
  });
});
