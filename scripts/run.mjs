// Runs one of our scripts under the pinned Node, installing the locked dependencies first where they
// are missing or stale. Plain JavaScript without dependencies: it must run on any Node from 18 on.
//
//   node scripts/run.mjs scripts/check.ts --some --arguments
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const pinnedNode = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error("Usage: node scripts/run.mjs <script> [arguments]");
  process.exit(2);
}
if (!isInstalled()) {
  install();
}
run(script, args);

/** True where node_modules holds every package of the lock file in its version. */
function isInstalled() {
  const wanted = readPackages("package-lock.json");
  const present = readPackages(join("node_modules", ".package-lock.json"));
  if (wanted === undefined || present === undefined || !existsSync(pinnedNode)) {
    return false;
  }
  return Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    return found === undefined ? path === "" || entry.optional === true : found.version === entry.version;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** `npm ci`, quiet unless it fails. */
function install() {
  console.error("Installing the locked dependencies (once) ...");
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? { command: process.execPath, first: [process.env.npm_execpath] }
    : { command: "npm", first: [] };
  const done = spawnSync(npm.command, [...npm.first, "ci", "--no-audit", "--no-fund"], { cwd: root, encoding: "utf8" });
  if (done.status !== 0) {
    console.error(done.stdout ?? "", done.stderr ?? "", done.error?.message ?? "");
    console.error("npm ci failed. Remedy: check the network and the message above, then run the same command again.");
    process.exit(1);
  }
}

/** Starts the script, passes signals on, and leaves with its exit code. */
function run(file, rest) {
  const child = spawn(pinnedNode, [file, ...rest], {
    cwd: root,
    // The fourth channel tells the child when this process dies without a word (kill -9).
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      PATH: join(root, "node_modules", ".bin") + delimiter + process.env.PATH,
      METADATA_SERVER_DETECTION: "none",
    },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  stopWithNpm(child);
  child.on("error", (error) => {
    console.error(`Cannot start ${pinnedNode}: ${error.message}. Remedy: delete node_modules and try again.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * Under npm, a killed npm must not leave the script behind holding its ports: it is told to end, and the
 * closing channel tells it that nobody waits.
 */
function stopWithNpm(child) {
  const npm = process.env.npm_lifecycle_event === undefined ? undefined : findNpm();
  if (npm === undefined) {
    return;
  }
  const watching = setInterval(() => {
    if (!isAlive(npm)) {
      child.kill("SIGTERM");
      process.exit(1);
    }
  }, 250);
  watching.unref();
}

/** Our parent, or behind the shell that npm starts scripts with, its parent. */
function findNpm() {
  const { ppid } = process;
  const ps = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(ppid)], { encoding: "utf8" });
  const [, grandparent, command] = /^\s*(\d+)\s+(.*?)\s*$/.exec(ps.stdout ?? "") ?? [];
  if (grandparent === undefined) {
    return undefined;
  }
  return /(^|\/)(ba|da|z|k|a)?sh$/.test(command) ? Number(grandparent) : ppid;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
