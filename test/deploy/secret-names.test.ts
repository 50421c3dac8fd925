import { expect, test } from "vitest";
import { z } from "zod";
import { credentialsOf, ownSecrets, secretsOf } from "../../scripts/deploy/secret-names.ts";
import { readFunction } from "../../scripts/local/function-folders.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { STUDIO } from "./installation.ts";

/** Every property of a JSON Schema by its path, with its own schema. */
function propertiesOf(schema: unknown, path: readonly string[] = []): (readonly [string, Record<string, unknown>])[] {
  if (typeof schema !== "object" || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) => {
    if (key !== "properties") return propertiesOf(value, path);
    return Object.entries(value as Record<string, Record<string, unknown>>).flatMap(([name, property]) => [
      [[...path, name].join("."), property] as const,
      ...propertiesOf(property, [...path, name]),
    ]);
  });
  return inner;
}

for (const { name, settings } of Object.values(PROVIDERS)) {
  test(`${name} marks each setting that is the name of a secret, so that deployment makes it`, () => {
    const properties = propertiesOf(z.toJSONSchema(settings, { io: "input", unrepresentable: "any" }));

    const named = properties.filter(([path]) => /secret|token|password|credentials|applicationKey/i.test(path));
    const unmarked = named.filter(([, { secret, type }]) => secret !== true && type === "string");

    expect(
      unmarked.map(([path]) => path),
      "add .meta({ secret: true })",
    ).toEqual([]);
  });
}

test("the studio's credentials are those that its configuration names", () => {
  expect(credentialsOf(STUDIO.config, ["sources"])).toEqual(["uschedule-application-key", "uschedule-password"]);
  expect(credentialsOf(STUDIO.config, ["calendars"])).toEqual(["google-service-account-key"]);
  expect(ownSecrets(STUDIO.config)).toEqual(["push-token-key", "webhook-loft-uschedule"]);
});

test("a function reads what its file lists, and no other secret", () => {
  const read = (name: string) => secretsOf(readFunction(`functions/${name}/function.yaml`), STUDIO.config);

  expect(read("gcal-push")).toEqual({ names: ["push-token-key"], prefixes: [] });
  expect(read("booking-webhook")).toEqual({ names: [], prefixes: ["webhook-"] });
  expect(read("calendar-pull").names).toEqual(["google-service-account-key"]);
  expect(read("source-poll").names).toEqual(["uschedule-application-key", "uschedule-password"]);
  expect(read("dead-letter")).toEqual({ names: [], prefixes: [] });
});

test("people's sign-in and what signs alerts are read by who operates, the sign-in by nobody else", () => {
  const alerts = { webhook: "https://alerts.example", secret: "alert-key", afterMinutes: 0 };
  const workspaces = Object.fromEntries(
    Object.entries(STUDIO.config.workspaces).map(([ws, workspace]) => [ws, { ...workspace, alerts }]),
  );
  const signIn = { clientId: "c", clientSecret: "sign-in", audiences: [] };
  const read = (name: string) =>
    secretsOf(readFunction(`functions/${name}/function.yaml`), { ...STUDIO.config, workspaces, signIn }).names;

  expect(read("api")).toEqual(expect.arrayContaining(["alert-key", "sign-in"]));
  expect(read("sweep")).toContain("alert-key");
  expect(["sweep", "sync", "source-poll", "gmail-poll"].flatMap(read)).not.toContain("sign-in");
});

test("a name deeper inside the settings, as that of a feed's address, is found too", () => {
  const home = { feeds: { airbnb: { property: "Villa", urlSecret: "feed-villa" } } };
  const workspace = {
    ...Object.values(STUDIO.config.workspaces)[0],
    sources: { ota: { provider: "ical", settings: home } },
  };

  // Proof: only the accounts of the workspace are read.
  expect(credentialsOf({ workspaces: { w: workspace } } as typeof STUDIO.config, ["sources"])).toEqual(["feed-villa"]);
});
