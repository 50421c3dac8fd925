import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

const DEBIAN = "/usr/lib/postgresql";
const FOLDER = "shared/providers/portico";
/** PostgreSQL refuses to run as root; Debian's `nobody` owns nothing. */
const NOBODY = 65_534;
const START_MS = 20_000;

/** Where the newest PostgreSQL server of this machine is; undefined where there is none. */
export function findServer(): string | undefined {
  try {
    const newest = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0];
    const bin = join(DEBIAN, newest ?? "", "bin");
    return readdirSync(bin).includes("initdb") ? bin : undefined;
  } catch {
    return undefined;
  }
}

/** A PostgreSQL server of its own, with many sessions, passwords and TLS, and Portico's tables in it. */
export interface RealServer {
  readonly port: number;
  /** The certificate it shows, which nobody signed. */
  readonly certificate: string;
  /** As `owner`, who may everything. */
  sql(text: string): Promise<unknown[]>;
  close(): Promise<void>;
}

export const PASSWORD = "s3cret of the owner/+@:";

export async function startServer(bin: string): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), "portico-"));
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  const options = {
    ...as,
    cwd: folder,
    env: { ...process.env, HOME: folder, LC_ALL: "C.UTF-8" },
    stdio: "pipe",
  } as const;
  const auth = ["-A", "scram-sha-256", "--pwfile", passwordFile];
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "owner", "-E", "UTF8", "--no-sync", ...auth], options);
  const [certificate, key] = ["server.crt", "server.key"].map((name) => join(data, name));
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key ?? "", "-out", certificate ?? ""];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...names, ...files],
    options,
  );

  const port = await freePort();
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", ssl: "on", fsync: "off" };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(bin, "postgres"), ["-D", data, ...flags], { ...options, stdio: "ignore" });
  const exited = new Promise((resolve) => server.on("exit", resolve));

  const admin = await connectWithin(START_MS, port);
  for (const file of ["fixtures/portico.sql", "lockstep-import.sql"]) {
    await admin.query(readFileSync(join(FOLDER, file), "utf8"));
  }
  return {
    port,
    certificate: readFileSync(certificate ?? "", "utf8"),
    sql: async (text) => (await admin.query(text)).rows,
    async close() {
      await admin.end();
      server.kill("SIGINT");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The server takes a moment to let anybody in. */
async function connectWithin(ms: number, port: number): Promise<Client> {
  const until = Date.now() + ms;
  for (;;) {
    const client = new Client({ host: "127.0.0.1", port, user: "owner", password: PASSWORD, database: "postgres" });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
