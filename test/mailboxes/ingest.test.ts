import { afterEach, expect, test } from "vitest";
import type { AlertDoc, BookingDoc } from "../../shared/flows/documents.ts";
import { type ConnectionDoc, connectionRef } from "../../shared/flows/mail/connection.ts";
import { createConnection } from "../../shared/flows/mail/edit-connection.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import { type EmailDoc, rawOf } from "../../shared/flows/mail/tape.ts";
import { WS } from "../flows/studio.ts";
import { Death, openWire } from "../scenarios/wire.ts";
import {
  ANNA,
  all,
  arrive,
  confirmation,
  connect,
  facts,
  gmail,
  LABEL,
  type Lets,
  openLets,
  PATIENCE,
  questions,
  read,
  reserve,
  stays,
} from "./lets.ts";

const JANE = { code: "HMABCD1234", name: "Jane Doe", checkIn: "2027-05-07", checkOut: "2027-05-09" };

let lets: Lets;
afterEach(() => lets.studio.sandbox.close());

async function doc(): Promise<ConnectionDoc | undefined> {
  return (await lets.studio.store.get<ConnectionDoc>(connectionRef(lets.connection.id)))?.data;
}

function calls(operation: string): number {
  return lets.studio.sandbox.log.calls().filter((call) => call.operation === operation).length;
}

test("a mail is kept first, whole and once; what came later is read from history, delivered or labelled", async () => {
  lets = await openLets();
  await arrive(lets.studio, confirmation(JANE));
  expect(await read(lets)).toMatchObject({ scanned: 1, kept: 1 });
  const filed = await arrive(lets.studio, confirmation({ ...JANE, code: "HMFILED123" }), []);

  await arrive(lets.studio, confirmation({ ...JANE, code: "HMSECOND12" }));
  await gmail(lets.studio, "tag", { email: ANNA, id: filed, add: [LABEL] });
  const run = await read(lets);

  expect(run).toMatchObject({ scanned: 2, kept: 2, skipped: 0 });
  expect(await read(lets)).toMatchObject({ scanned: 0 });
  const emails = await all<EmailDoc>(lets.studio, "emails");
  expect(emails.map(({ messageId }) => messageId)).toContain(filed);
  expect(emails).toHaveLength(3);
});

test("a mail that came tells itself: Gmail's notice brings the reader, with nothing asked in between", async () => {
  lets = await openLets();
  await lets.studio.turnSchedulers();
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();

  await arrive(lets.studio, confirmation(JANE));
  await lets.studio.settle();

  expect((await stays(lets.studio))[0]?.enrichment?.guestName?.value).toBe("Jane Doe");
});

test("S35: the watch has lapsed, so the floor finds the mail, and the watch is ordered anew", async () => {
  lets = await openLets();
  await lets.studio.turnSchedulers();
  await gmail(lets.studio, "watches", { make: "expired" });
  await arrive(lets.studio, confirmation(JANE));
  await lets.studio.settle();
  expect(await facts(lets.studio)).toEqual([]);

  lets.studio.clock.advance(8 * 86_400_000);
  await lets.studio.turnSchedulers();

  expect(await facts(lets.studio)).toHaveLength(1);
  expect((await doc())?.watch?.expiresAt).toBe("2027-03-16T08:00:00.000Z");
});

test("S35: history is too old, so the label is listed anew, bounded and without duplicates", async () => {
  lets = await openLets();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  await arrive(lets.studio, confirmation({ ...JANE, code: "HMSECOND12" }));
  await gmail(lets.studio, "expire-history", { email: ANNA });
  await gmail(lets.studio, "deliver", {
    email: ANNA,
    labels: [LABEL],
    ...confirmation({ ...JANE, code: "HMTHIRD123" }),
  });
  const read1 = calls("messages.get");

  const run = await read(lets);

  expect(run).toMatchObject({ scanned: 3, kept: 2, skipped: 1, outcome: "done" });
  expect(calls("messages.get") - read1).toBe(2);
  expect(await all(lets.studio, "emails")).toHaveLength(3);
  expect(await read(lets)).toMatchObject({ scanned: 0 });
});

test("S35: what history tells of other labels is left out", async () => {
  lets = await openLets();
  await read(lets);
  await arrive(lets.studio, confirmation(JANE), ["Family"]);
  await lets.studio.call("POST", "/sandbox/faults", { rules: [{ api: "gmail", kinds: ["wrong-label"] }] });

  const run = await read(lets);

  expect(run).toMatchObject({ scanned: 0, kept: 0 });
  expect(await all(lets.studio, "emails")).toEqual([]);
});

test("S36: a label renamed or deleted is LABEL_NOT_FOUND and an error, never no mail and all well", async () => {
  for (const lose of [
    () => gmail(lets.studio, "labels", { email: ANNA, name: LABEL, rename: "Airbnb (old)" }),
    () => gmail(lets.studio, "delete-label", { email: ANNA, name: LABEL }),
  ]) {
    lets = await openLets();
    await read(lets);
    await lose();

    await expect(read(lets)).rejects.toMatchObject({ code: "LABEL_NOT_FOUND" });

    expect(await doc()).toMatchObject({ status: "error", reason: "LABEL_NOT_FOUND", lastSync: { outcome: "failed" } });
    const alerts = await all<AlertDoc>(lets.studio, "alerts");
    expect(alerts).toMatchObject([{ kind: "mailbox-unread", status: "open" }]);
    lets.studio.sandbox.close();
  }
});

test("S36: the label is back under its name: the connection mends itself, and a new label is read from its beginning", async () => {
  lets = await openLets();
  await read(lets);
  await gmail(lets.studio, "delete-label", { email: ANNA, name: LABEL });
  await expect(read(lets)).rejects.toMatchObject({ code: "LABEL_NOT_FOUND" });

  await arrive(lets.studio, confirmation(JANE));
  const run = await read(lets);

  expect(run).toMatchObject({ kept: 1, outcome: "done" });
  expect(await doc()).toMatchObject({ status: "connected" });
  expect((await all<AlertDoc>(lets.studio, "alerts"))[0]).toMatchObject({ kind: "mailbox-unread", status: "closed" });
});

test("a mail with another connection's label is kept and not acted on: critical, and an alert", async () => {
  lets = await openLets();
  await gmail(lets.studio, "labels", { email: ANNA, name: "VRBO" });
  const other = await createConnection(lets.world, WS, { platform: "vrbo", label: "VRBO" }, "test");
  await connect(lets.studio, other.id);
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();

  await arrive(lets.studio, confirmation(JANE), [LABEL, "VRBO"]);
  const run = await read(lets);

  expect(run).toMatchObject({ kept: 1, violations: 1, enriched: 0, asked: 0 });
  expect((await stays(lets.studio))[0]?.enrichment).toBeUndefined();
  expect(await facts(lets.studio)).toMatchObject([{ state: "isolated" }]);
  const critical = lets.studio.logs.filter(({ severity }) => severity === "CRITICAL");
  expect(critical.map(({ fields }) => fields["event"])).toEqual(["label_isolation_violation"]);
  expect((await all<AlertDoc>(lets.studio, "alerts")).map(({ kind }) => kind)).toContain("label-isolation");

  const [{ messageId = "" } = {}] = await facts(lets.studio);
  expect(await read(lets)).toMatchObject({ violations: 0 });
  await gmail(lets.studio, "tag", { email: ANNA, id: messageId, remove: ["VRBO"] });
  await read(lets);

  expect((await stays(lets.studio))[0]?.enrichment?.guestName?.value).toBe("Jane Doe");
  const alerts = await all<AlertDoc>(lets.studio, "alerts");
  expect(alerts.find(({ kind }) => kind === "label-isolation")?.status).toBe("closed");
});

test("one account's labels share its one watch", async () => {
  lets = await openLets();
  const second = String((await gmail(lets.studio, "labels", { email: ANNA, name: "VRBO" }))["id"]);
  const other = await createConnection(lets.world, WS, { platform: "vrbo", label: "VRBO" }, "test");
  await connect(lets.studio, other.id);

  await lets.studio.turnSchedulers();

  const first = (await doc())?.found?.labelId;
  expect((await doc())?.watch?.labelIds).toEqual([first, second].sort());
});

test("files are left out by name, size and hash; calendars and what the mail says stay, byte for byte", async () => {
  lets = await openLets();
  const attachments = [
    { filename: "id-card.pdf", mimeType: "application/pdf", content: "x".repeat(300_000) },
    { filename: "stay.ics", mimeType: "text/calendar", content: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" },
  ];
  await arrive(lets.studio, { ...confirmation(JANE), attachments });

  await read(lets);

  const [email] = await all<EmailDoc>(lets.studio, "emails");
  const raw = email === undefined ? "" : Buffer.from(await rawOf(lets.studio.store, email)).toString();
  expect(email?.leftOut).toEqual([
    { filename: "id-card.pdf", size: 300_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(raw).toContain(Buffer.from("BEGIN:VCALENDAR").toString("base64").slice(0, 16));
  expect(raw.length).toBeLessThan(5_000);
  expect((await facts(lets.studio))[0]?.reading).toMatchObject({ kind: "confirmation" });
});

test("a mail too large for one document is kept in numbered, compressed pieces, and reads the same", async () => {
  lets = await openLets();
  const noise = Array.from({ length: 60_000 }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(36)).join(" ");
  const { subject, text } = confirmation(JANE);
  await arrive(lets.studio, { subject, text: `${String(text)}\n\n-- \n${noise}${noise.split("").reverse().join("")}` });

  await read(lets);

  const [email] = await all<EmailDoc>(lets.studio, "emails");
  expect(email).toMatchObject({ raw: "", chunks: expect.any(Number) });
  expect(await all(lets.studio, "emailChunks")).toHaveLength(email?.chunks ?? 0);
  expect(email?.chunks).toBeGreaterThan(0);
  expect((await facts(lets.studio))[0]?.reading?.facts.confirmationCode?.value).toBe("HMABCD1234");
});

test("a worker that dies at any step loses no mail and does nothing twice", { timeout: 60_000 }, async () => {
  const wire = openWire();
  lets = await openLets({ fetch: wire.fetch, stores: wire.stores });
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();

  for (let step = 0; step < 40; step += 3) {
    await arrive(lets.studio, confirmation({ ...JANE, code: `HMSTEP${String(1000 + step)}` }));
    wire.atStep(step, () => wire.die());
    await read(lets).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error;
    });
    wire.revive();
    wire.atStep(-1, () => {});
    lets.studio.clock.advance(200_000);
    await read(lets);
    await lets.studio.settle();
  }

  const emails = await all<EmailDoc>(lets.studio, "emails");
  expect(new Set(emails.map(({ messageId }) => messageId)).size).toBe(14);
  expect(emails).toHaveLength(14);
  expect((await facts(lets.studio)).map(({ id }) => id).sort()).toEqual(emails.map(({ id }) => id).sort());
  const [stay] = await all<BookingDoc>(lets.studio, "bookings");
  expect(stay?.enrichment?.guestName).toMatchObject({ value: "Jane Doe" });
});

test("one mail that is gone meanwhile is skipped; one that cannot be fetched stops the run, which goes on later", async () => {
  lets = await openLets();
  const gone = await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  const third = await arrive(lets.studio, confirmation({ ...JANE, code: "HMSECOND12" }));
  await gmail(lets.studio, "delete", { email: ANNA, id: third });
  await arrive(lets.studio, confirmation({ ...JANE, code: "HMTHIRD123" }));
  const cursor = (await doc())?.cursor;
  await lets.studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "gmail", path: "/messages/", kinds: ["status=503"], times: 3 }],
  });

  await expect(read(lets)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  expect((await doc())?.cursor).toBe(cursor);
  expect(await doc()).toMatchObject({ status: "connected", lastSync: { outcome: "failed" } });
  const run = await read(lets);

  expect(run).toMatchObject({ kept: 1, outcome: "done" });
  expect((await all<EmailDoc>(lets.studio, "emails")).map(({ messageId }) => messageId)).toContain(gone);
});

test("S44: the quota of a minute is kept: who may wait waits, who may not says that there is more", async () => {
  lets = await openLets({ settings: { unitsPerMinute: 200 } });
  for (let n = 0; n < 12; n++) await arrive(lets.studio, confirmation({ ...JANE, code: `HMQUOTA${100 + n}` }));
  const impatient = { budgetMs: 45_000, waitsForQuota: false };
  lets.studio.clock.advance(120_000);

  const first = await syncConnection(lets.world, WS, lets.connection.id, impatient);
  const slept = lets.studio.clock.slept.length;
  const second = await syncConnection(lets.world, WS, lets.connection.id, PATIENCE);

  expect(first).toMatchObject({ outcome: "more", kept: 9 });
  expect(second).toMatchObject({ outcome: "done", kept: 3 });
  expect(lets.studio.clock.slept.slice(slept).some((ms) => ms > 30_000)).toBe(true);
});

test("S46: while a permission is gone nothing is cancelled, and the question stays as it was", async () => {
  lets = await openLets();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  await gmail(lets.studio, "revoke", { email: ANNA });
  await lets.studio.turnSchedulers();
  expect(await doc()).toMatchObject({ status: "error", reason: "needs_reconnect" });

  await arrive(lets.studio, confirmation({ ...JANE, code: "HMLATER123" }));
  await connect(lets.studio, lets.connection.id);
  await lets.studio.turnSchedulers();

  expect(await doc()).toMatchObject({ status: "connected" });
  expect(await all(lets.studio, "emails")).toHaveLength(2);
  expect(await questions(lets.studio)).toHaveLength(2);
});
