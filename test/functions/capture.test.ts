import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EXTENSION_ORIGIN } from "../../functions/api/cors.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { type Camp, openCamp } from "./camp-bench.ts";

let camp: Camp;
let extension: string;
let operator: string;
beforeEach(async () => {
  camp = await openCamp();
  extension = await camp.key(["capture"]);
  operator = await camp.key(["operate"]);
});
afterEach(() => camp.close());

const mail = (more: object = {}) => ({
  messageId: "AAMkAGI1=",
  subject: "Re: Booking #12345 – deposit query",
  from: { address: "Leader@Example.org", name: "Sam Leader" },
  receivedAt: "2027-01-09T10:00:00Z",
  body: "When is the deposit due?",
  ...more,
});
const capture = async (more: object = {}, key = extension) => (await camp.post("emails/capture", key, mail(more))).body;
const sync = () => camp.post("bookings/sync", operator);

test("the document's data flow: synced earlier, a mail with #12345 is linked, and its booking's card comes back", async () => {
  const id = await camp.book();
  const synced = await sync();

  const { status, body } = await camp.post("emails/capture", extension, mail());
  const listed = await camp.get(`bookings/${id}/links`, operator);

  expect([id, synced.body.added, status]).toEqual(["12345", 1, 200]);
  expect(body).toMatchObject({
    isNew: true,
    links: [
      {
        bookingKey: "osm:12345",
        reason: "#12345 stands in the subject.",
        confidence: 0.99,
        by: "lockstep",
        booking: { bookingId: "12345", customerName: "1st Anytown", startDate: "2027-02-05", status: "confirmed" },
      },
    ],
    waiting: [],
  });
  expect(listed.body.items).toEqual([expect.objectContaining({ mail: body.mail, bookingKey: "osm:12345" })]);
});

test("the same mail twice is one mail and one link, and the second time writes nothing", async () => {
  await camp.book();
  await sync();
  const first = await capture();
  const before = camp.counts.writes;

  const second = await capture();

  expect(camp.counts.writes - before).toBe(0);
  expect(second).toEqual({ ...first, isNew: false });
});

test("two tabs that capture at the same moment make one mail", async () => {
  await camp.book();
  await sync();

  const both = await Promise.all([capture(), capture()]);

  expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  expect(both[0].links).toEqual(both[1].links);
});

test("a mail captured before its booking is known is linked when a sync brings it", async () => {
  const early = await capture();
  await camp.book();

  const synced = await sync();
  const late = await capture();

  expect([early.links, early.waiting]).toEqual([[], ["12345"]]);
  expect(synced.body).toMatchObject({ added: 1, linked: 1 });
  expect([late.links[0].bookingKey, late.waiting]).toEqual(["osm:12345", []]);
});

test("… or when the poller does", async () => {
  await capture();
  await camp.book();

  await pollSources(camp.world, { ws: "camp", source: "osm" });

  expect((await capture()).links).toHaveLength(1);
});

test("a number that only another workspace's booking has links nothing here, and stays theirs", async () => {
  await camp.book();
  await camp.post("bookings/sync", await camp.key(["operate"], "hill"));

  const here = await capture();
  const there = await capture({}, await camp.key(["capture"], "hill"));

  expect([here.links, here.suggestions, here.waiting]).toEqual([[], [], ["12345"]]);
  expect(there.links).toHaveLength(1);
});

test("numbers in the text count where a booking has them, the surest first; those of nobody do not", async () => {
  await camp.book();
  await camp.book({ group: "3rd Riverside" });
  await sync();

  const found = await capture({
    subject: "Two weekends",
    body: "Our ref: 12346, and before that 12345. Call 01234 567890, £1500, 12/05/2027, or 99999.",
  });

  expect(found.links.map(({ bookingKey, confidence }: Record<string, unknown>) => [bookingKey, confidence])).toEqual([
    ["osm:12346", 0.9],
    ["osm:12345", 0.6],
  ]);
  expect(found.waiting).toEqual([]);
});

describe("suggestions", () => {
  test("by the sender's address and by the group's name, not what is linked already", async () => {
    await camp.book({ email: "leader@example.org" });
    await camp.book({ group: "3rd Riverside" });
    await camp.book({ group: "Hill District" });
    await pollSources(camp.world, { ws: "camp", source: "osm" });

    const found = await capture({ subject: "A question", body: "Is the 3RD RIVERSIDE group there as well?" });

    expect(found.links).toEqual([]);
    expect(
      found.suggestions.map(({ booking, confidence }: { booking: { bookingId: string }; confidence: number }) => [
        booking.bookingId,
        confidence,
      ]),
    ).toEqual([
      ["12345", 0.7],
      ["12346", 0.5],
    ]);
  });
});

describe("links by hand", () => {
  test("a person links, unlinks, and the mail's own words do not undo that", async () => {
    await camp.book();
    await camp.book({ group: "3rd Riverside" });
    await sync();
    const { mail: id } = await capture();
    const path = `emails/${encodeURIComponent(id)}`;

    const linked = await camp.post(`${path}/link`, extension, { booking: "12346" });
    await camp.post(`${path}/unlink`, extension, { booking: "osm:12345" });
    await sync();
    const again = await capture();
    const listed = await camp.get(`${path}/links`, operator);

    expect(linked.body).toMatchObject({ bookingKey: "osm:12346", reason: "Linked by hand.", confidence: 1 });
    expect(linked.body.by).toMatch(/^key:/);
    expect(again.links.map(({ bookingKey }: { bookingKey: string }) => bookingKey)).toEqual(["osm:12346"]);
    expect(listed.body.items).toHaveLength(1);
  });

  test("only a captured mail and a known booking can be linked", async () => {
    await camp.book();
    await sync();
    const { mail: id } = await capture();
    const path = `emails/${encodeURIComponent(id)}`;

    const answers = [
      await camp.post("emails/nobody/link", extension, { booking: "12345" }),
      await camp.post(`${path}/link`, extension, { booking: "99999" }),
      await camp.post(`${path}/unlink`, extension, { booking: "99999" }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([404, "NOT_FOUND"]));
  });
});

test("the mails of a sender come without their text, whatever the letters of the address", async () => {
  await capture();
  await capture({ messageId: "other", from: { address: "else@example.org", name: "" } });

  const { body } = await camp.get("emails?sender=LEADER@example.org", operator);

  expect(body.items).toEqual([expect.objectContaining({ sender: "leader@example.org", senderName: "Sam Leader" })]);
  expect(JSON.stringify(body)).not.toContain("deposit due");
});

describe("the mail extension's browser", () => {
  const ask = (path: string, method: string, origin: string) =>
    fetch(`${camp.root}/api/${path}`, {
      method,
      headers: { origin, authorization: `Bearer ${extension}`, "access-control-request-method": "POST" },
      ...(method === "POST" ? { body: JSON.stringify(mail()) } : {}),
    });

  test("may ask for bookings, their sync and capture, and read the answer, a refusal too", async () => {
    for (const path of ["bookings", "bookings/sync", "emails/capture"]) {
      const before = await ask(path, "OPTIONS", EXTENSION_ORIGIN);
      expect([before.status, before.headers.get("access-control-allow-origin")]).toEqual([204, EXTENSION_ORIGIN]);
    }
    const captured = await ask("emails/capture", "POST", EXTENSION_ORIGIN);
    const refused = await ask("bookings/sync", "POST", EXTENSION_ORIGIN);

    expect([captured.status, refused.status]).toEqual([200, 403]);
    for (const { headers } of [captured, refused]) {
      expect([headers.get("access-control-allow-origin"), headers.get("vary")]).toEqual([EXTENSION_ORIGIN, "origin"]);
    }
  });

  test("no page of another origin, and no other address", async () => {
    const foreign = await ask("emails/capture", "OPTIONS", "https://evil.example");
    const elsewhere = await ask("keys", "OPTIONS", EXTENSION_ORIGIN);
    const read = await ask("emails/capture", "POST", "https://evil.example");

    expect([foreign.status, elsewhere.status]).toEqual([405, 405]);
    for (const { headers } of [foreign, elsewhere, read]) expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("a capture key may capture and link, and read nothing else", async () => {
  const refused = [
    await camp.get("bookings", extension),
    await camp.post("bookings/sync", extension),
    await camp.get("emails?sender=leader@example.org", extension),
  ];

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
});
