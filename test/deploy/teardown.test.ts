import { expect, test } from "vitest";
import { tearDown } from "../../scripts/deploy/teardown.ts";
import { fakeGcloud } from "./fake-gcloud.ts";
import { deploy, STUDIO } from "./installation.ts";

test("a teardown leaves the data and the secrets, and nothing that acts", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);

  await tearDown(STUDIO, gcloud);

  const left = new Set([...gcloud.things.keys()].map((key) => key.split(" ")[0]));
  expect([...left].toSorted()).toEqual(["api", "channel", "database", "policy", "secret", "secret-version"]);
});

test("a teardown that broke off is finished by the next, and one of nothing does nothing", async () => {
  const gcloud = fakeGcloud();
  await deploy(gcloud);
  gcloud.failAt(7);

  await expect(tearDown(STUDIO, gcloud)).rejects.toThrow("broke off");
  await tearDown(STUDIO, gcloud);
  const before = gcloud.done.length;
  await tearDown(STUDIO, gcloud);

  expect(gcloud.done).toHaveLength(before);
});
