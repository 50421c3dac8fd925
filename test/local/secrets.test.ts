import { describe, expect, test } from "vitest";
import { prepareSecrets } from "../../scripts/local/secrets.ts";
import { loadConfig } from "../../shared/config-file.ts";
import { LockstepError } from "../../shared/errors.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const config = loadConfig("scripts/local/demo.config.yaml", PROVIDERS);

function secretsOf(known: Map<string, string>) {
  return {
    async read(name: string) {
      const value = known.get(name);
      if (value === undefined) throw new LockstepError("SECRET_MISSING", { detail: name });
      return value;
    },
    async write(name: string, value: string) {
      known.set(name, value);
    },
  };
}

describe("local secrets", () => {
  test("what only this machine needs is made up, different each time", async () => {
    const [one, two] = [new Map<string, string>(), new Map<string, string>()];

    await prepareSecrets(secretsOf(one), config, { signIn: false });
    await prepareSecrets(secretsOf(two), config, { signIn: false });

    expect([...one.keys()].sort()).toEqual([
      "push-token-key",
      "webhook-camp-osm",
      "webhook-lets-feeds",
      "webhook-loft-uschedule",
      "webhook-town-booking",
    ]);
    expect(one.get("webhook-loft-uschedule")).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(one.get("push-token-key")).not.toBe(two.get("push-token-key"));
  });

  test("what is there stays", async () => {
    const known = new Map([["webhook-loft-uschedule", "whsec_agreed"]]);

    await prepareSecrets(secretsOf(known), config, { signIn: false });

    expect(known.get("webhook-loft-uschedule")).toBe("whsec_agreed");
  });
});
