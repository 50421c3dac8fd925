import { expect, test } from "vitest";
import { applyConfiguration, planConfiguration } from "../../scripts/configure/apply-configuration.ts";
import { fakeGcloud } from "./fake-gcloud.ts";
import { deploy, installationOf, otherConfig, STUDIO } from "./installation.ts";

const changed = { ...STUDIO, config: otherConfig() };

test("another configuration is planned, applied without building anything, and then nothing is left to do", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);
  const before = gcloud.done.length;

  await planConfiguration(changed, gcloud);
  expect(gcloud.done).toHaveLength(before);
  expect(gcloud.said.join("\n")).toMatch(/change {2}secret lockstep-config \(its content is [0-9a-f]{16}, should be/);

  await applyConfiguration(changed, gcloud);
  const done = gcloud.done.slice(before).map(({ args }) => args.slice(0, 3).join(" "));
  expect(done.filter((each) => each.startsWith("run"))).toEqual(done.filter((each) => each === "run services update"));
  expect(done).toContain("secrets versions add");

  await applyConfiguration(changed, gcloud);
  expect(gcloud.done).toHaveLength(before + done.length);
});

test("a configuration for functions that are not deployed says what to run first", async () => {
  await expect(applyConfiguration(changed, fakeGcloud())).rejects.toThrow(/NOT_FOUND: account|npm run deploy/);
});

test("a job whose provider nobody uses any more is removed, and comes back with it", async () => {
  const gcloud = fakeGcloud();
  const town = installationOf("scripts/local/town.config.yaml");
  await deploy(gcloud);
  const jobs = () => [...gcloud.things.keys()].filter((key) => key.startsWith("job source-poll"));

  expect(jobs()).toEqual(["job source-poll-uschedule"]);
  await deploy(gcloud, town);
  expect(jobs()).toEqual(["job source-poll-booking-api"]);
  await deploy(gcloud);
  expect(jobs()).toEqual(["job source-poll-uschedule"]);
});
