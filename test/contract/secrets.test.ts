import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEdgeSecrets } from "../../shared/cloud/edge-secrets.ts";
import { openSecretManager } from "../../shared/cloud/secret-manager.ts";
import { openFileSecrets } from "../../shared/embedded/file-secrets.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { type SecretManagerServer, startSecretManager } from "./cloud-secrets-server.ts";
import { testSecretContract } from "./secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-secrets-"));
let server: SecretManagerServer;
let opened = 0;
const freshFile = () => join(folder, String(++opened), "secrets.json");
beforeAll(async () => {
  server = await startSecretManager();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

testSecretContract({ name: "a file", open: async () => openFileSecrets(freshFile(), {}) });

testSecretContract({
  name: "Secret Manager",
  open: async () => {
    const projectId = `project-${++opened}`;
    return openSecretManager({ projectId, clock: systemClock, client: server.client });
  },
});

testSecretContract({
  name: "Secret Manager as edges read it, by REST",
  open: async () => {
    const [projectId, clock] = [`project-${++opened}`, systemClock];
    const reader = openEdgeSecrets({ projectId, clock, api: server.api });
    const writer = openSecretManager({ projectId, clock, client: server.client });
    return { read: (name) => reader.read(name, { fresh: true }), write: writer.write };
  },
});

test("a function for outsiders writes no secrets", async () => {
  const secrets = openEdgeSecrets({ projectId: "edge", clock: systemClock, api: server.api });

  await expect(secrets.write("token", "value")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("the file and its folder are readable by their owner alone, also when the file was looser before", async () => {
  const file = freshFile();
  await openFileSecrets(file, {}).write("one", "1");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);

  const loose = join(folder, "loose.json");
  writeFileSync(loose, '{"one": "1"}', { mode: 0o644 });
  expect(await openFileSecrets(loose, {}).read("one")).toBe("1");
  expect(statSync(loose).mode & 0o777).toBe(0o600);
});

test("a variable goes before the file, and is never written to it", async () => {
  const file = freshFile();
  const secrets = openFileSecrets(file, { LOCKSTEP_SECRET_USCHEDULE_PASSWORD: "from outside" });
  await secrets.write("uschedule-password", "from the file");

  expect(await secrets.read("uschedule-password")).toBe("from outside");
  expect(readFileSync(file, "utf8")).not.toContain("outside");
});

test("a broken secrets file is CONFIG_INVALID and its text is not repeated", async () => {
  const file = join(folder, "broken.json");
  writeFileSync(file, '{"one": "hunter2",');

  const error = await openFileSecrets(file, {})
    .read("one")
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  expect(String(error) + JSON.stringify(error)).not.toContain("hunter2");
});

test("Secret Manager is asked once in ten minutes at most, by many readers together, and sees a new value after", async () => {
  let now = "2027-01-10T09:00:00.000Z";
  const clock = { now: () => now, sleep: async () => {} };
  const reader = openSecretManager({ projectId: "rotation", clock, client: server.client });
  const rotator = openSecretManager({ projectId: "rotation", clock, client: server.client });
  await rotator.write("token", "old");
  const before = server.calls.filter((call) => call === "access").length;
  const asked = () => server.calls.filter((call) => call === "access").length - before;

  expect(await Promise.all([1, 2, 3].map(() => reader.read("token")))).toEqual(["old", "old", "old"]);
  expect(asked()).toBe(1);
  await rotator.write("token", "new");
  now = "2027-01-10T09:09:59.999Z";
  expect(await reader.read("token")).toBe("old");
  now = "2027-01-10T09:10:00.000Z";
  expect(await reader.read("token")).toBe("new");
  expect(asked()).toBe(2);
});

test("a failure of Secret Manager is not remembered: refused is SECRET_MISSING, everything else is tried again", async () => {
  const options = { projectId: "failing", clock: systemClock };
  await openSecretManager({ ...options, client: server.client }).write("token", "value");
  const readers = [
    openSecretManager({ ...options, client: server.client }),
    openEdgeSecrets({ ...options, api: server.api }),
  ];

  for (const secrets of readers) {
    server.failNext(403);
    await expect(secrets.read("token")).rejects.toThrow(/roles\/secretmanager.secretAccessor/);
    server.failNext(400);
    await expect(secrets.read("token")).rejects.toThrow(/no enabled version/);
    server.failNext(500);
    await expect(secrets.read("token")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await secrets.read("token")).toBe("value");
  }
});
