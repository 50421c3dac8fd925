import { expect, test } from "vitest";
import { keepDeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import type { Observation } from "../../shared/topics/observations.ts";
import { openStudio } from "./studio.ts";

function seen(change: Partial<Observation>, bookingId = "4711"): Observation {
  return {
    kind: "booking-seen",
    ...{ ws: "loft", resource: "bay-1", source: "uschedule", seenAt: "2027-01-11T08:00:00.000Z" },
    run: { id: "msg_1", complete: false, absent: 0 },
    items: [{ bookingId, evidence: "seen" }],
    ...change,
    // Proof: the changes below are of fields that both kinds have.
  } as Observation;
}

for (const name of ["constructor", "__proto__", "toString"]) {
  test(`a resource called ${name} is one the configuration lacks, not a word of JavaScript`, async () => {
    const studio = await openStudio();

    await syncObservations(studio.world, seen({ resource: name }));

    expect(studio.logs).toMatchObject([{ message: "hint left to the next look", fields: { code: "NOT_FOUND" } }]);
  });
}

for (const [what, id] of [
  ["of 200 slashes", "/".repeat(200)],
  ["with a control character", "47\u000011"],
] as const) {
  test(`a booking id ${what} is looked at like any other`, async () => {
    const studio = await openStudio();

    await syncObservations(studio.world, seen({}, id));

    expect(studio.logs.filter(({ message }) => message === "hint left to the next look")).toEqual([]);
    expect(studio.providerCalls()).toContain("POST /uschedule/api/loft/getappointment");
  });
}

test("a dead letter is kept whatever its id and whatever resource it speaks of", async () => {
  const studio = await openStudio();
  const data = Buffer.from(JSON.stringify(seen({ resource: "a/b" }))).toString("base64");
  const message = { messageId: "a/b", publishTime: "2027-01-11T08:00:00.000Z", data, attributes: { ws: "loft" } };

  await keepDeadLetter(studio.world, { message, subscription: "sync" });

  expect(await studio.store.query({ collection: "deadLetters" })).toMatchObject([{ data: { messageId: "a/b" } }]);
});

test("a full message that grows beyond a document when it is written down is kept with its beginning", async () => {
  const studio = await openStudio();
  const data = Buffer.from('"'.repeat(990_000)).toString("base64");
  const message = { messageId: "901", publishTime: "2027-01-11T08:00:00.000Z", data, attributes: { ws: "loft" } };

  await keepDeadLetter(studio.world, { message, subscription: "sync" });

  const [letter] = await studio.store.query<{ data: string; cut?: boolean }>({ collection: "deadLetters" });
  expect([letter?.data.cut, letter?.data.data.length]).toEqual([true, 100_000]);
});
