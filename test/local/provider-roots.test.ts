import { describe, expect, test } from "vitest";
import { SANDBOXES } from "../../scripts/local/options.ts";
import { rootsInUse, withSandboxRoots } from "../../scripts/local/provider-roots.ts";
import { loadConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const config = loadConfig("scripts/local/demo.config.yaml", PROVIDERS);
const PORTICO = { booking: { provider: "portico", settings: { url: "portico-url" } } };
const SANDBOX = "http://localhost:8090";

describe("where providers are reached", () => {
  test("each simulated provider is reached below the sandbox's address", () => {
    const environment = withSandboxRoots({}, SANDBOXES, SANDBOX, PROVIDERS);

    expect(rootsInUse(config, PROVIDERS, environment)).toEqual([
      { provider: "uschedule", root: `${SANDBOX}/uschedule`, local: true },
      { provider: "google-calendar", root: `${SANDBOX}/google`, local: true },
      { provider: "booking-api", root: `${SANDBOX}/booking`, local: true },
      { provider: "outlook", root: `${SANDBOX}/graph`, local: true },
      { provider: "ical", root: `${SANDBOX}/ical`, local: true },
      { provider: "gmail", root: SANDBOX, local: true },
      { provider: "osm", root: `${SANDBOX}/osm`, local: true },
    ]);
  });

  test("what the environment names wins over the sandbox; an empty variable names nothing", () => {
    const given = { GOOGLE_API_ROOT: "http://localhost:9999/stand-in", USCHEDULE_API_ROOT: "" };

    expect(withSandboxRoots(given, ["google", "uschedule"], SANDBOX, PROVIDERS)).toMatchObject({
      GOOGLE_API_ROOT: "http://localhost:9999/stand-in",
      USCHEDULE_API_ROOT: `${SANDBOX}/uschedule`,
    });
  });

  test("a database's password is not shown with its address", () => {
    const town = { ...config, workspaces: { town: { ...config.workspaces["loft"], calendars: {}, sources: PORTICO } } };
    const at = (url: string) => rootsInUse(town as typeof config, PROVIDERS, { PORTICO_DATABASE_URL: url }); // all else is loft's

    expect(at("postgres://lockstep:hunter2@localhost:5432/portico")).toEqual([
      { provider: "portico", root: "postgres://lockstep:…@localhost:5432/portico", local: true },
    ]);
    for (const password of ["a%40b", "p=w^x", "a@b"]) {
      expect(JSON.stringify(at(`postgres://lockstep:${password}@db.example/portico`))).not.toContain(password);
    }
  });

  test("without a sandbox the real providers are reached, and shown as real", () => {
    const reached = rootsInUse(config, PROVIDERS, withSandboxRoots({}, [], SANDBOX, PROVIDERS));

    expect(reached.map(({ root, local }) => [new URL(root).hostname, local])).toEqual([
      ["clients.uschedule.com", false],
      ["www.googleapis.com", false],
      ["booking-system.invalid", false],
      ["graph.microsoft.com", false],
      ["feeds.invalid", false],
      ["gmail.googleapis.com", false],
      ["www.onlinescoutmanager.co.uk", false],
    ]);
  });
});
