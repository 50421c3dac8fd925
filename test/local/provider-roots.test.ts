import { describe, expect, test } from "vitest";
import { SANDBOXES } from "../../scripts/local/options.ts";
import { rootsInUse, withSandboxRoots } from "../../scripts/local/provider-roots.ts";
import { loadConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const config = loadConfig("scripts/local/demo.config.yaml", PROVIDERS);
const SANDBOX = "http://localhost:8090";

describe("where providers are reached", () => {
  test("each simulated provider is reached below the sandbox's address", () => {
    const environment = withSandboxRoots({}, SANDBOXES, SANDBOX, PROVIDERS);

    expect(rootsInUse(config, PROVIDERS, environment)).toEqual([
      { provider: "uschedule", root: `${SANDBOX}/uschedule`, local: true },
      { provider: "google-calendar", root: `${SANDBOX}/google`, local: true },
      { provider: "booking-api", root: `${SANDBOX}/booking`, local: true },
      { provider: "outlook", root: `${SANDBOX}/graph`, local: true },
    ]);
  });

  test("what the environment names wins over the sandbox; an empty variable names nothing", () => {
    const given = { GOOGLE_API_ROOT: "http://localhost:9999/stand-in", USCHEDULE_API_ROOT: "" };

    expect(withSandboxRoots(given, ["google", "uschedule"], SANDBOX, PROVIDERS)).toMatchObject({
      GOOGLE_API_ROOT: "http://localhost:9999/stand-in",
      USCHEDULE_API_ROOT: `${SANDBOX}/uschedule`,
    });
  });

  test("without a sandbox the real providers are reached, and shown as real", () => {
    const reached = rootsInUse(config, PROVIDERS, withSandboxRoots({}, [], SANDBOX, PROVIDERS));

    expect(reached.map(({ root, local }) => [new URL(root).hostname, local])).toEqual([
      ["clients.uschedule.com", false],
      ["www.googleapis.com", false],
      ["booking-system.invalid", false],
      ["graph.microsoft.com", false],
    ]);
  });
});
