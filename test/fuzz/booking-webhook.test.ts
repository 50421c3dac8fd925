import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Observation } from "../../shared/topics/observations.ts";
import { signedWebhook } from "./credentials.ts";
import { detailOf, GUEST } from "./lawful.ts";
import { mutatedPath, oddQuery, twist } from "./mutate-http.ts";
import { mutatedBody } from "./mutate-json.ts";
import { NOW, openRig, type Rig, WEBHOOK_SECRETS } from "./rig.ts";
import { TIMEOUT_MS, tryLaw } from "./runs.ts";
import { type Sent, showSent } from "./send.ts";

const EDGE = "booking-webhook";
const PATH = "/booking-webhook/loft/uschedule";

const APPOINTMENT = {
  AppointmentID: 4711,
  ResourceName: "Bay 1",
  StartTime: "2027-01-12T09:00:00",
  EndTime: "2027-01-12T10:00:00",
  StatusID: 1,
  CustomerName: GUEST,
  Notes: GUEST,
  ServiceLength: 60,
};
const DELIVERY = { type: "appointment.updated", timestamp: NOW, data: APPOINTMENT };
const BODY = Buffer.from(JSON.stringify(DELIVERY));

const body = fc.oneof(mutatedBody(DELIVERY), mutatedBody(APPOINTMENT));

function delivery(content: Buffer, change: Partial<Sent> = {}): Sent {
  return { method: "POST", target: PATH, headers: signedWebhook(content), body: content, ...change };
}

describe("booking-webhook, whatever is sent", { timeout: TIMEOUT_MS }, () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  }, TIMEOUT_MS);
  afterAll(async () => {
    process.stdout.write(`${rig.coverage.table()}\n`);
    await rig.close();
  });

  test("every answer is a success or a problem, never a failure of ours", async () => {
    const path = fc.oneof(fc.constant(PATH), mutatedPath(PATH, 1));
    await tryLaw({
      arbitrary: fc
        .tuple(body, path, oddQuery, twist)
        .map(([content, target, query, change]) => change(delivery(content, { target: `${target}${query}` }))),
      holds: async (sent) => {
        await rig.ask(EDGE, sent);
      },
      show: showSent,
      share: 3,
    });
  });

  test("what is not signed, signed otherwise or changed on the way does nothing", async () => {
    const forged = fc.constantFrom<(content: Buffer) => Sent>(
      (content) => delivery(content, { headers: [] }),
      (content) => delivery(content, { headers: signedWebhook(content).filter(([name]) => name !== "webhook-id") }),
      (content) =>
        delivery(content, { headers: signedWebhook(content).filter(([name]) => name !== "webhook-timestamp") }),
      (content) => delivery(content, { headers: signedWebhook(content, { at: "2027-01-10T07:54:59.000Z" }) }),
      (content) => delivery(content, { headers: signedWebhook(content, { at: "2027-01-10T08:05:01.000Z" }) }),
      (content) => delivery(content, { headers: signedWebhook(content, { secret: WEBHOOK_SECRETS.villa }) }),
      (content) => delivery(content, { headers: signedWebhook(Buffer.concat([content, Buffer.from(" ")])) }),
      (content) => delivery(content, { headers: replaced(content, "webhook-id", () => "msg_other") }),
      (content) => delivery(content, { headers: replaced(content, "webhook-timestamp", (at) => `${Number(at) + 1}`) }),
      (content) => delivery(content, { headers: replaced(content, "webhook-timestamp", () => "1e10") }),
      (content) => delivery(content, { headers: replaced(content, "webhook-signature", (text) => text.toUpperCase()) }),
      (content) =>
        delivery(content, { headers: replaced(content, "webhook-signature", (text) => text.replace("v1,", "v1a,")) }),
      (content) =>
        delivery(content, { headers: replaced(content, "webhook-signature", () => `v1,${" v1,".repeat(2_000)}`) }),
      (content) => delivery(content, { headers: replaced(content, "webhook-signature", () => "v1,") }),
      (content) => delivery(content, { headers: replaced(content, "webhook-signature", () => "v1,\u00e9\u0080") }),
    );
    await tryLaw({
      arbitrary: fc.tuple(fc.oneof(fc.constant(BODY), body), forged).map(([content, forge]) => forge(content)),
      holds: async (sent) => {
        rig.effects();
        const answer = await rig.ask(EDGE, sent);
        expect([401, 413]).toContain(answer.status);
        expect(rig.effects()).toEqual({ reads: [], writes: [], published: [], calls: [] });
      },
      show: showSent,
    });
  });

  test("a delivery that comes again is answered as a duplicate, and published once", async () => {
    await tryLaw({
      arbitrary: body,
      holds: async (content) => {
        const sent = delivery(content);
        const first = await rig.ask(EDGE, sent);
        rig.effects();
        const again = await rig.ask(EDGE, sent);
        expect(again.status).toBe(first.status === 202 ? 200 : first.status);
        expect(rig.effects()).toEqual({ reads: [], writes: [], published: [], calls: [] });
      },
      show: (content) => showSent(delivery(content)),
    });
  });

  test("what is signed and malformed is refused by the name of the place, or published as what it says", async () => {
    await tryLaw({
      arbitrary: body.map((content) => delivery(content)),
      holds: async (sent) => {
        rig.effects();
        const answer = await rig.ask(EDGE, sent);
        const { published, writes, calls } = rig.effects();
        expect([writes, calls]).toEqual([[], []]);
        if (answer.status !== 202) {
          expect(published).toEqual([]);
          expect(detailOf(answer)).toMatch(/body|appointment|resource|time|kB/i);
          return;
        }
        expect(published.map(({ topic, ws }) => [topic, ws])).toEqual([["observations", "loft"]]);
        const told = Observation.parse(JSON.parse(published[0]?.data ?? ""));
        expect(told.items.map((item) => ("bookingId" in item ? item.bookingId : ""))).toEqual([idIn(sent.body)]);
      },
      show: showSent,
      share: 3,
    });
  });

  test("a delivery of one workspace's sender never speaks for another", async () => {
    const villa = (content: Buffer) => signedWebhook(content, { ws: "villa" });
    const path = mutatedPath("/booking-webhook/villa/uschedule", 1);
    await tryLaw({
      arbitrary: fc
        .tuple(fc.oneof(fc.constant(BODY), body), fc.oneof(path, fc.constant(PATH)), oddQuery)
        .map(([content, target, query]) => delivery(content, { target: `${target}${query}`, headers: villa(content) })),
      holds: async (sent) => {
        rig.effects();
        const answer = await rig.ask(EDGE, sent);
        if (sent.target.startsWith(PATH)) expect([401, 413]).toContain(answer.status);
        const { reads, writes, published, calls } = rig.effects();
        expect([reads, writes, calls]).toEqual([[], [], []]);
        for (const { ws, data } of published) {
          expect([ws, z.object({ ws: z.string() }).parse(JSON.parse(data)).ws]).toEqual(["villa", "villa"]);
        }
      },
      show: showSent,
    });
  });

  test("after all of it a genuine delivery is taken, and everything accepted is worked on", async () => {
    const id = await rig.book(1, "2027-01-14T09:00:00");
    const content = Buffer.from(JSON.stringify({ data: { AppointmentID: Number(id), ResourceName: "Bay 1" } }));

    const answer = await rig.ask(EDGE, delivery(content));
    rig.lines();
    await rig.deliverAll();

    expect(answer.status).toBe(202);
    expect((await rig.eventOf("loft-bay-1@sandbox", id)).summary).toBeDefined();
    expect(rig.lines().filter(({ fields }) => fields["code"] === "INVALID_REQUEST")).toEqual([]);
    expect(await rig.store("loft").query({ collection: "deadLetters" })).toEqual([]);
    expect(rig.coverage.neverReached([EDGE])).toEqual([]);
  });
});

function replaced(content: Buffer, name: string, change: (value: string) => string): Sent["headers"] {
  return signedWebhook(content).map(([each, value]) => [each, each === name ? change(value) : value]);
}

/** The id a body tells (a byte order mark in front is none of it), read without the product's schemas. */
function idIn(content: Buffer): string {
  // Proof: asked only of bodies that were accepted, so that there is an object with an id.
  const whole = JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>;
  const row = (Object.hasOwn(whole, "data") ? whole["data"] : whole) as Record<string, unknown>;
  const own = (name: string) => (Object.hasOwn(row, name) ? row[name] : undefined);
  const id = [own("AppointmentID"), own("Id")].find(isId);
  return String(id).trim();
}

function isId(value: unknown): boolean {
  return (
    Number.isSafeInteger(value) || (typeof value === "string" && value.trim() !== "" && value.trim().length <= 100)
  );
}
