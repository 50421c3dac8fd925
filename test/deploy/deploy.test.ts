import { expect, test } from "vitest";
import { allSteps, chosenSteps } from "../../scripts/deploy/all-steps.ts";
import { carryOut, showPlan } from "../../scripts/deploy/carry-out.ts";
import type { Command } from "../../scripts/deploy/step.ts";
import { type FakeGcloud, fakeGcloud, fixture } from "./fake-gcloud.ts";
import { deploy, installationOf, STUDIO } from "./installation.ts";

/** What was done through gcloud; firebase-tools compares rules and indexes by itself, each time. */
const byGcloud = ({ done }: FakeGcloud) => done.filter(({ program }) => program === "gcloud");
const line = ({ args }: Command) => args.filter((arg) => !arg.startsWith("--")).join(" ");

test("an empty project gets everything in the order in which one thing needs another", async () => {
  const gcloud = fakeGcloud();

  await deploy(gcloud);

  const kinds = [...new Set([...gcloud.things.keys()].map((key) => key.split(" ")[0]))];
  expect(kinds.toSorted()).toEqual(
    [
      ...["account", "alert-policy", "api", "channel", "dashboard", "database", "job", "metric", "policy", "secret"],
      ...["secret-version", "service", "subscription", "topic"],
    ].toSorted(),
  );
  expect(gcloud.done[0]).toMatchObject({ program: "gcloud", args: expect.arrayContaining(["services", "enable"]) });
  const functions = STUDIO.functions;
  for (const [name, { trigger }] of functions) {
    expect(gcloud.things.has(`service ${name}`), name).toBe(true);
    if (trigger.kind === "pubsub") expect(gcloud.things.has(`subscription ${trigger.subscription}`), name).toBe(true);
    const jobs = trigger.kind === "schedule" ? trigger.jobs : [];
    for (const { name: job, body } of jobs) {
      const needed = body["provider"] === undefined || ["uschedule", "google-calendar"].includes(body["provider"]);
      expect(gcloud.things.has(`job ${job}`), job).toBe(needed);
    }
  }
});

test("run again it changes nothing", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);
  const before = byGcloud(gcloud).length;

  await deploy(gcloud);

  expect(byGcloud(gcloud).slice(before).map(line)).toEqual([]);
});

test("a failure at each step is resumed by the same command, and the end is the same", async () => {
  const whole = fakeGcloud();
  await deploy(whole);

  for (let broken = 0; broken < whole.done.length; broken++) {
    const gcloud = fakeGcloud();
    gcloud.failAt(broken);

    await expect(deploy(gcloud), `command ${broken}`).rejects.toThrow(/the connection broke off\nMend it and run/);
    await deploy(gcloud);

    expect(withoutValues(gcloud), `after command ${broken}`).toEqual(withoutValues(whole));
  }
});

/** Things by their keys in the order of names; a second version of the configuration may come of a broken run. */
function withoutValues({ things }: FakeGcloud): string[] {
  return [...things.keys()].filter((key) => !key.startsWith("secret-version lockstep-config/")).toSorted();
}

const DRIFTS: readonly (readonly [string, string, (thing: Record<string, unknown>) => void, RegExp])[] = [
  [
    "subscription",
    "sync",
    (it) => Object.assign(it, { ackDeadlineSeconds: 10 }),
    /its ack deadline is 10, should be 300/,
  ],
  ["subscription", "sync", (it) => Object.assign(it, { pushConfig: {} }), /its endpoint is not set/],
  ["job", "sweep", (it) => Object.assign(it, { schedule: "0 0 * * *" }), /its schedule is 0 0 \* \* \*, should be/],
  [
    "database",
    "(default)",
    (it) => Object.assign(it, { deleteProtectionState: "DELETE_PROTECTION_DISABLED" }),
    /protection/,
  ],
  ["metric", "lockstep-changes", (it) => Object.assign(it, { filter: "x" }), /its filter is x/],
  ["alert-policy", "Lockstep: Messages wait", (it) => Object.assign(it, { userLabels: {} }), /its content is not set/],
];

for (const [kind, name, change, says] of DRIFTS) {
  test(`what somebody changed by hand is told and put right: ${kind} ${name}, ${says.source}`, async () => {
    const gcloud = fakeGcloud();
    await deploy(gcloud);
    gcloud.tamper(kind, name, change);
    const before = byGcloud(gcloud).length;

    await showPlan(allSteps(STUDIO), gcloud);
    await deploy(gcloud);

    expect(gcloud.said.join("\n")).toMatch(says);
    expect(byGcloud(gcloud)).toHaveLength(before + 1);
    const again = byGcloud(gcloud).length;
    await deploy(gcloud);
    expect(byGcloud(gcloud)).toHaveLength(again);
  });
}

test("a function is deployed again when its bundle, its settings or the configuration changed, and no other", async () => {
  const gcloud = fakeGcloud();
  const installation = STUDIO;
  await deploy(gcloud, installation);
  const before = byGcloud(gcloud).length;

  const bundleHashes = new Map(installation.bundleHashes).set("sync", "another");
  await deploy(gcloud, { ...installation, bundleHashes });

  const again = byGcloud(gcloud).slice(before).map(line);
  expect(again).toEqual(["run deploy sync"]);
});

test("another configuration is another version, which every function that reads it gets", async () => {
  const gcloud = fakeGcloud();
  const installation = STUDIO;
  await deploy(gcloud, installation);
  const before = byGcloud(gcloud).length;
  const { loft } = installation.config.workspaces;
  if (loft === undefined) throw new Error("the example has its workspace");

  await deploy(gcloud, { ...installation, config: { workspaces: { loft: { ...loft, daysAhead: 30 } } } });

  const again = byGcloud(gcloud).slice(before);
  expect(again.map(line).slice(0, 2)).toEqual([
    "secrets versions add lockstep-config",
    "secrets update lockstep-config",
  ]);
  const readers = [...installation.functions].filter(([, { configuration }]) => configuration !== "none");
  const updated = again.slice(2);
  expect(updated.map(line)).toEqual(readers.map(([name]) => `run services update ${name}`));
  expect(updated[0]?.args).toContain("--update-secrets=/lockstep/lockstep.config.json=lockstep-config:2");
});

test("a role that somebody gave a function's account beyond those written down is taken from it", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);
  const member = "serviceAccount:lockstep-gcal-push@loft-lockstep.iam.gserviceaccount.com";
  gcloud.tamper("policy", "project loft-lockstep", ({ bindings }) => {
    if (Array.isArray(bindings)) bindings.push({ role: "roles/owner", members: [member] });
  });
  const before = byGcloud(gcloud).length;

  await deploy(gcloud);

  expect(byGcloud(gcloud).slice(before)).toMatchObject([
    {
      args: [
        "projects",
        "remove-iam-policy-binding",
        "loft-lockstep",
        `--member=${member}`,
        "--role=roles/owner",
        "--condition=None",
      ],
    },
  ]);
});

test("no secret's value stands in an argument, and what only others know is asked for", async () => {
  const gcloud = fakeGcloud();

  await deploy(gcloud);

  const values = gcloud.done.flatMap(({ input }) => input ?? []);
  expect(values.length).toBeGreaterThan(2);
  for (const { args } of gcloud.done) for (const value of values) expect(args.join(" ")).not.toContain(value);
  expect(gcloud.said.filter((said) => said.startsWith("to do")).join("\n")).toMatch(
    /uschedule-password has no value yet/,
  );
});

test("a queue whose order would have to change is left alone, and the person is told how", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);
  gcloud.tamper("subscription", "sync", (it) => Object.assign(it, { enableMessageOrdering: false }));

  await expect(deploy(gcloud)).rejects.toThrow(/its message ordering is false, should be true.*let it run empty/);
});

test("--only takes groups and functions", () => {
  const steps = allSteps(STUDIO);

  expect(new Set(chosenSteps(steps, ["jobs"]).map(({ group }) => group))).toEqual(new Set(["jobs"]));
  const groups = chosenSteps(steps, ["sync"]).map(({ group }) => group);
  expect(new Set(groups)).toEqual(new Set(["accounts", "roles", "functions", "subscriptions"]));
});

test("the plan of an empty project changes nothing", async () => {
  const gcloud = fakeGcloud();

  await showPlan(chosenSteps(allSteps(STUDIO), ["topics"]), gcloud);

  expect(gcloud.done).toEqual([]);
  expect(gcloud.said.at(-1)).toMatch(/^\d+ to create, 0 to change/);
});

test("the pushing account and the audience of a subscription are those that its function checks", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);

  const command = gcloud.done.find(({ args }) => args[1] === "deploy" && args[2] === "sync");
  const variables = command?.args.find((arg) => arg.startsWith("--set-env-vars="))?.split("##") ?? [];
  const { oidcToken } = (
    gcloud.things.get("subscription sync") as { pushConfig: { oidcToken: Record<string, string> } }
  ).pushConfig;

  expect(variables).toContain(`OIDC_AUDIENCE=${oidcToken["audience"]}`);
  expect(variables).toContain(`OIDC_EMAILS=${oidcToken["serviceAccountEmail"]}`);
});

test("carrying out stops at the first step that fails", async () => {
  const gcloud = fakeGcloud();
  gcloud.failAt(3);

  await expect(carryOut(allSteps(STUDIO), gcloud)).rejects.toThrow();

  expect(gcloud.done).toHaveLength(3);
});

test("what deployment reads is there in gcloud's own shapes", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);

  for (const [kind, shape] of [
    ["service", "run-function"],
    ["subscription", "subscription"],
    ["job", "job"],
  ] as const) {
    const made = [...gcloud.things].find(([key]) => key.startsWith(`${kind} `))?.[1] ?? {};
    const unknown = Object.keys(made).filter((key) => !Object.hasOwn(fixture(shape), key));
    expect(unknown, kind).toEqual([]);
  }
});

test("Gmail itself may tell of new mail where a mailbox can be connected, and nowhere else", async () => {
  const gmail =
    /topics add-iam-policy-binding mailbox-touched .*--member=serviceAccount:gmail-api-push@system\.gserviceaccount\.com/;
  const bindings = async (installation: typeof STUDIO) => {
    const gcloud = fakeGcloud();
    await deploy(gcloud, installation);
    return byGcloud(gcloud).filter(({ args }) => gmail.test(args.join(" ")));
  };

  const [binding, ...more] = await bindings(installationOf("scripts/local/demo.config.yaml"));

  expect(binding?.args).toContain("--role=roles/pubsub.publisher");
  expect(more).toEqual([]);
  expect(await bindings(STUDIO)).toEqual([]);
});

/** Who keeps the token that a provider gave in place of an old one, and so adds versions to its secret. */
const KEEPERS = ["api", "gmail-poll", "watch-renewal"];

test("whoever writes tokens has a client that writes and a role to, and nobody else has", () => {
  for (const [name, { roles, configuration }] of STUDIO.functions) {
    const mayWrite = roles.some(({ role }) => /^roles\/secretmanager\.(admin|secretVersionAdder)$/.test(role));

    expect(mayWrite, name).toBe(KEEPERS.includes(name));
    // Edges read by REST alone (`edge-secrets.ts`); `configuration: all` opens Secret Manager's client.
    if (mayWrite) expect(configuration, name).toBe("all");
  }
});

test("who makes secrets may make them in the project, and beyond that use only its own", async () => {
  const gcloud = fakeGcloud();

  await deploy(gcloud);

  const admin = byGcloud(gcloud).filter(({ args }) => args.includes("--role=roles/secretmanager.admin"));
  expect(admin).toHaveLength(1);
  expect(admin[0]?.args.join(" ")).toMatch(
    /expression=resource\.type == "cloudresourcemanager\.googleapis\.com\/Project" \|\| resource\.name\.startsWith\("projects\/\d+\/secrets\/gmail-"\)#/,
  );
});
