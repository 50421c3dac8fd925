import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { definitionOf } from "../../shared/cloud/frame.ts";
import { FunctionFile, subscriptionOf } from "../../shared/cloud/function-file.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const NAMES = readdirSync("functions");

async function load(name: string) {
  await import(`../../functions/${name}/index.ts`);
  return {
    file: FunctionFile.parse(parse(readFileSync(`functions/${name}/function.yaml`, "utf8"))),
    definition: definitionOf(name),
  };
}

for (const name of NAMES) {
  test(`functions/${name} declares what its code is`, async () => {
    const { file, definition } = await load(name);

    expect(definition.auth).toBe(file.auth);
    expect(file.auth).toBe(file.trigger.kind === "http" ? "public" : "internal");
    const declared = Object.keys(file.environment);
    const needed = [
      ...Object.keys(definition.requires ?? {}),
      ...(file.auth === "internal" ? ["OIDC_AUDIENCE", "OIDC_EMAILS"] : []),
    ];
    expect(declared.toSorted()).toEqual(needed.toSorted());
    expect(file.roles.length).toBeGreaterThan(0);
  });

  test(`functions/${name} is gone before its work is given to another`, async () => {
    const { file } = await load(name);
    const { trigger } = file;
    const deadline =
      trigger.kind === "pubsub"
        ? trigger.ackDeadlineSeconds
        : trigger.kind === "schedule"
          ? trigger.attemptDeadlineSeconds
          : Number.POSITIVE_INFINITY;

    expect(file.limits.timeoutSeconds).toBeLessThan(deadline);
  });
}

test("every message finds a subscriber in the order of its key, and a dead letter is kept", async () => {
  const files = await Promise.all(NAMES.map(async (name) => ({ name, file: (await load(name)).file })));
  const subscriptions = files.flatMap(({ name, file }) => subscriptionOf(name, file) ?? []);

  const byTopic = new Map(subscriptions.map((each) => [each.topic, each]));
  expect([...byTopic.keys()].toSorted()).toEqual([
    ...["booking-inbox", "calendar-touched", "dead-letters", "mailbox-touched", "observations"],
  ]);
  expect(byTopic.get("booking-inbox")).toMatchObject({ ordered: false, deadLetterTopic: "dead-letters" });
  for (const topic of ["observations", "calendar-touched"]) {
    expect(byTopic.get(topic)).toMatchObject({ ordered: true, deadLetterTopic: "dead-letters" });
  }
  expect(byTopic.get("dead-letters")).toMatchObject({ target: "dead-letter" });
});

test("a schedule whose deadline is missing is refused", () => {
  const file = parse(readFileSync("functions/sweep/function.yaml", "utf8"));

  const result = FunctionFile.safeParse({ ...file, trigger: { ...file.trigger, attemptDeadlineSeconds: undefined } });

  expect(result.error?.issues[0]?.path).toEqual(["trigger", "attemptDeadlineSeconds"]);
});

/** What the jobs of a scheduled function are narrowed to. */
async function providersOf(name: string): Promise<string[]> {
  const { trigger } = (await load(name)).file;
  return trigger.kind === "schedule" ? trigger.jobs.flatMap(({ body }) => body["provider"] ?? []) : [];
}

test("each provider is looked at by one job, on its own cadence", async () => {
  const named = (kind: Provider["kind"]) => Object.keys(PROVIDERS).filter((name) => PROVIDERS[name]?.kind === kind);

  expect((await providersOf("source-poll")).toSorted()).toEqual(named("source").toSorted());
  expect((await providersOf("watch-renewal")).toSorted()).toEqual(
    [...named("calendar"), ...named("mailbox")].toSorted(),
  );
});

test("no two jobs of the project have one name", async () => {
  const files = await Promise.all(NAMES.map(load));
  const names = files.flatMap(({ file: { trigger } }) =>
    trigger.kind === "schedule" ? trigger.jobs.map(({ name }) => name) : [],
  );

  expect(names).toEqual([...new Set(names)]);
});
