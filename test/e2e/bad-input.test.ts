import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LockstepProcess, removeFolder, startLockstep } from "./lockstep-process.ts";
import { BAYS, localTime, mirrored, openStudio, plus, type Studio } from "./studio.ts";

describe("bad input over HTTP", () => {
  let lockstep: LockstepProcess;
  let studio: Studio;
  let deliveries = 0;

  beforeAll(async () => {
    lockstep = await startLockstep();
    studio = openStudio(lockstep);
  });
  afterAll(async () => {
    await lockstep.kill();
    removeFolder(lockstep.data);
  });

  const freshId = () => `msg_bad_${++deliveries}`;

  /** What a sender could tell about a booking; signed, so that only its content is wrong. */
  function told(change: object): Promise<{ status: number; code: string | undefined; detail: string | undefined }> {
    const start = localTime(25, 9);
    const data = { AppointmentID: 999, ResourceName: "Bay 1", StartTime: start, EndTime: plus(start, 60), StatusID: 1 };
    return studio.rawWebhook({
      id: freshId(),
      text: JSON.stringify({ type: "appointment.updated", data: { ...data, ...change } }),
    });
  }

  test("malformed JSON is a clear 400", async () => {
    expect(await studio.rawWebhook({ id: freshId(), text: '{"data": {' })).toMatchObject({
      status: 400,
      code: "INVALID_REQUEST",
    });
  });

  test("S33: a wrong signature is a 401, and so is a right one that is too old", async () => {
    const text = JSON.stringify({ data: { AppointmentID: 1 } });
    const old = new Date(Date.now() - 6 * 60_000);

    expect(await studio.rawWebhook({ id: freshId(), text, signature: "v1,AAAA" })).toMatchObject({
      status: 401,
      code: "BAD_SIGNATURE",
    });
    expect(await studio.rawWebhook({ id: freshId(), text, at: old })).toMatchObject({
      status: 401,
      code: "BAD_SIGNATURE",
    });
  });

  test("a body of a megabyte is a 413", async () => {
    const text = JSON.stringify({ data: { AppointmentID: 1, Notes: "x".repeat(1_000_000) } });

    expect(await studio.rawWebhook({ id: freshId(), text })).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
  });

  test("an unknown bay is named in the answer, or shown for review", async () => {
    const answer = await told({ ResourceName: "Bay 7" });

    const shown = `${answer.detail ?? ""} ${JSON.stringify(await studio.api("review-items"))}`;
    expect(shown).toContain("Bay 7");
  });

  test.each([
    ["an end before its start", { EndTime: "2020-01-01T08:00:00", StartTime: "2020-01-01T09:00:00" }],
    ["a year nobody means", { StartTime: "9026-01-01T08:00:00", EndTime: "9026-01-01T09:00:00" }],
    ["a day that does not exist", { StartTime: "2027-02-30T08:00:00", EndTime: "2027-02-30T09:00:00" }],
  ])("S41: %s is a 400 with the reason", async (_what, change) => {
    expect(await told(change)).toMatchObject({
      status: 400,
      code: "INVALID_REQUEST",
      detail: expect.stringMatching(/.{20}/),
    });
  });

  test("a push without our token is refused, counted, and wakes nobody", async () => {
    const answer = await fetch(`${lockstep.url}/gcal-push`, {
      method: "POST",
      headers: {
        "x-goog-channel-id": "forged",
        "x-goog-channel-token": "v1.loft.x.forged.AAAA",
        "x-goog-resource-state": "exists",
      },
    });

    expect(answer.status).toBe(401);
    await vi.waitFor(() => expect(lockstep.screen()).toContain("push refused"));
  });

  test("after all of it a booking still reaches its calendar", async () => {
    const { AppointmentID } = await studio.book(BAYS[0], localTime(26, 9), "Quinn Last");

    await vi.waitFor(async () => {
      const made = (await studio.events()).filter((event) => mirrored(event) === String(AppointmentID));
      expect(made).toHaveLength(1);
    }, 10_000);
    expect((await fetch(`${lockstep.url}/health`)).status).toBe(200);
  });
});
