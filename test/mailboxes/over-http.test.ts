import { afterEach, expect, test } from "vitest";
import type { BookingDoc } from "../../shared/flows/documents.ts";
import { changeConnection } from "../../shared/flows/mail/connection.ts";
import type { Json } from "../flows/studio.ts";
import { type FrontDesk, openConnection, openFrontDesk } from "./front-desk.ts";
import { ANNA, confirmation, LABEL } from "./lets.ts";

const STAYS = 60;
const MAILS = 500;

let desk: FrontDesk;
afterEach(() => desk.close());

async function label(name: string): Promise<void> {
  await desk.people("gmail/labels", { email: ANNA, name });
}

/** The n-th stay of the season: two nights, one after the other, in either cottage. */
function stayOf(n: number) {
  const day = (offset: number) => new Date(Date.UTC(2027, 2, 10 + offset)).toISOString().slice(0, 10);
  const from = Math.floor(n / 2) * 2;
  const code = `HM${String(n).padStart(8, "A")}`;
  return {
    code,
    name: `${NAMES[n % NAMES.length]} ${SURNAMES[n % SURNAMES.length]}`,
    checkIn: day(from),
    checkOut: day(from + 2),
  };
}
const NAMES = ["Jane", "Priya", "Lars", "Chloé", "Marta", "Noor", "Giulia"];
const SURNAMES = ["Doe", "Raman", "Berg", "Dubois", "García", "de Vries", "Rossi", "Keller", "Novak", "Silva", "Moen"];

test("LABEL_NOT_FOUND: connect, label missing, fix, ingest 500 mails, enrich the feeds' stays, review the rest", {
  timeout: 60_000,
}, async () => {
  desk = await openFrontDesk({ unitsPerMinute: 100_000 });
  for (let n = 0; n < STAYS; n++) {
    const { checkIn: start, checkOut: end } = stayOf(n);
    await desk.people("booking/book", { resources: [`room-${(n % 2) + 1}`], start, end, title: "Reserved" });
  }
  await desk.work();
  const id = await openConnection(desk, { property: "seaside" });

  const missing = await desk.signIn(id);
  expect(missing).toMatchObject({ status: 422, body: { code: "LABEL_NOT_FOUND" } });
  const health = await desk.api("GET", `connections/${id}/health`);
  expect(health.body).toMatchObject({ gmail_status: "error", reason: "LABEL_NOT_FOUND" });

  await label("Airbnb bookings");
  const fixed = await desk.api("PATCH", `connections/${id}`, { reservation_label: "Airbnb bookings" });
  expect(fixed.body).toMatchObject({ gmail_status: "connected", reason: null, account: ANNA });

  await deliverMails("Airbnb bookings");
  const synced = await desk.api("POST", `connections/${id}/sync`);
  expect(synced).toMatchObject({
    status: 200,
    body: { emails_scanned: MAILS, emails_new: MAILS, emails_skipped: 0, bookings_enriched: STAYS / 2, complete: true },
  });
  const again = await desk.api("POST", `connections/${id}/sync`);
  expect(again.body).toMatchObject({ emails_scanned: 0, emails_new: 0, bookings_enriched: 0, review_items_opened: 0 });

  await expectNamed();
  const { body } = await desk.api("GET", "review-items?limit=500");
  const items = body["items"] as Json[];
  expect(items).toHaveLength(Number(synced.body["review_items_opened"]));
  expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(["mail-unmatched"]));
  const rest = await desk.api("POST", "review-items/bulk", {
    ids: items.slice(0, 100).map((item) => item["id"]),
    decision: { kind: "ignore" },
  });
  expect((rest.body["items"] as Json[]).every(({ done }) => done === true)).toBe(true);
  expect(JSON.stringify(desk.bench.lines)).not.toMatch(/Jane|Dubois|HM[A-Z0-9]{8}|Check-in/);
});

/** Of each stay in the first cottage its confirmation; stays that no feed shows; and mails that are about none. */
async function deliverMails(name: string): Promise<void> {
  for (let n = 0; n < MAILS; n++) {
    const mail = n < STAYS ? (n % 2 === 0 ? confirmation(stayOf(n)) : chatter(n)) : n < 250 ? lost(n) : chatter(n);
    await desk.people("gmail/deliver", { email: ANNA, labels: [name], ...mail });
  }
}

function lost(n: number): Json {
  return confirmation({ ...stayOf(n), checkIn: "2027-08-03", checkOut: "2027-08-07" });
}

function chatter(n: number): Json {
  return { subject: "Rate your guest", text: `How was the stay? Write a review within ${n % 14} days.` };
}

async function expectNamed(): Promise<void> {
  const rows = await desk.bench.world.store("loft").query<BookingDoc>({ collection: "bookings" });
  const byStart = new Map(rows.map(({ data }) => [`${data.resources[0]} ${data.checkIn}`, data]));
  for (let n = 0; n < STAYS; n++) {
    const { name, checkIn, code } = stayOf(n);
    const stay = byStart.get(`${n % 2 === 0 ? "seaside" : "hillside"} ${checkIn}`);
    expect(stay?.enrichment?.guestName?.value).toBe(n % 2 === 0 ? name : undefined);
    expect(stay?.enrichment?.confirmationCode?.value).toBe(n % 2 === 0 ? code : undefined);
  }
  expect(rows).toHaveLength(STAYS);
}

test("LABEL_NOT_CONFIGURED: nobody is sent to Google before a label is saved", async () => {
  desk = await openFrontDesk();
  const created = await desk.api("POST", "connections", { platform: "vrbo" });
  const id = created.body["id"];

  expect(created).toMatchObject({ status: 201, body: { gmail_status: "pending", reservation_label: null } });
  expect(await desk.api("GET", `connections/${id}/gmail/start`)).toMatchObject({
    status: 422,
    body: { code: "LABEL_NOT_CONFIGURED" },
  });
  expect(await desk.api("POST", `connections/${id}/sync`)).toMatchObject({ body: { code: "LABEL_NOT_CONFIGURED" } });
});

test("LABEL_CONFLICT: two connections of a workspace that would read the same label", async () => {
  desk = await openFrontDesk();
  await label(LABEL);
  const first = await openConnection(desk);
  await desk.signIn(first);
  const other = await desk.api("POST", "connections", { platform: "vrbo", reservation_label: "Other" });
  const patched = await desk.api("PATCH", `connections/${other.body["id"]}`, { reservation_label: LABEL });
  const created = await desk.api("POST", "connections", { platform: "vrbo", reservation_label: LABEL });
  const second = await raced(String(other.body["id"]));

  const signed = await desk.signIn(second);
  const synced = await desk.api("POST", `connections/${second}/sync`);
  const health = await desk.api("GET", `connections/${second}/health`);

  expect(created).toMatchObject({ status: 409, body: { code: "LABEL_CONFLICT" } });
  expect(patched).toMatchObject({ status: 409, body: { code: "LABEL_CONFLICT" } });
  expect((await desk.api("GET", "connections")).body["items"]).toHaveLength(2);
  expect(signed).toMatchObject({ status: 409, body: { code: "LABEL_CONFLICT" } });
  expect(synced).toMatchObject({ status: 409, body: { code: "LABEL_CONFLICT" } });
  expect(health.body).toMatchObject({ gmail_status: "error", reason: "LABEL_CONFLICT" });
});

/** Two people saved the same label at the same moment. */
async function raced(id: string): Promise<string> {
  await changeConnection(desk.bench.world.store("loft"), id, (doc) => ({ ...doc, label: LABEL }));
  return id;
}

test("SYNC_IN_PROGRESS: a connection is read once at a time, across instances", async () => {
  desk = await openFrontDesk();
  await label(LABEL);
  const id = await openConnection(desk);
  await desk.signIn(id);
  for (let n = 0; n < 5; n++)
    await desk.people("gmail/deliver", { email: ANNA, labels: [LABEL], ...confirmation(stayOf(n)) });

  const both = await Promise.all([
    desk.api("POST", `connections/${id}/sync`),
    desk.api("POST", `connections/${id}/sync`),
  ]);

  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: "SYNC_IN_PROGRESS" });
});

test("invalid_grant: needs_reconnect until somebody connects again, then what waited is read", async () => {
  desk = await openFrontDesk();
  await label(LABEL);
  const id = await openConnection(desk);
  await desk.signIn(id);
  await desk.people("gmail/deliver", { email: ANNA, labels: [LABEL], ...confirmation(stayOf(0)) });
  await desk.people("gmail/revoke", { email: ANNA });

  const refused = await desk.api("POST", `connections/${id}/sync`);
  const health = await desk.api("GET", `connections/${id}/health`);
  const back = await desk.signIn(id);
  const synced = await desk.api("POST", `connections/${id}/sync`);

  expect(refused).toMatchObject({ status: 409, body: { code: "NEEDS_RECONNECT" } });
  expect(health.body).toMatchObject({ gmail_status: "error", reason: "needs_reconnect", last_sync_outcome: "failed" });
  expect(back).toMatchObject({ status: 200, body: { gmail_status: "connected", reason: null } });
  expect(synced.body).toMatchObject({ emails_new: 1 });
});

test("the requirements' log lines: status transitions, each run's counts, its end; and health tells when it ran", async () => {
  desk = await openFrontDesk();
  const id = await openConnection(desk);
  await desk.signIn(id);
  await label(LABEL);
  await desk.signIn(id);
  await desk.people("gmail/deliver", { email: ANNA, labels: [LABEL], ...confirmation(stayOf(0)) });
  await desk.api("POST", `connections/${id}/sync`);
  const health = await desk.api("GET", `connections/${id}/health`);
  await desk.people("gmail/revoke", { email: ANNA });
  await desk.api("POST", `connections/${id}/sync`);

  const lines = desk.bench.lines.filter(({ fields }) => fields["connectionId"] === id);
  const told = (event: string) => lines.filter(({ fields }) => fields["event"] === event);
  expect(told("connection_health").map(({ fields }) => [fields["component"], fields["from"], fields["to"]])).toEqual([
    ["GmailVerify", "pending", "error"],
    ["GmailVerify", "error", "connected"],
    ["GmailVerify", "connected", "error"],
  ]);
  expect(told("gmail_ingest_run")[0]?.fields).toMatchObject({
    component: "EmailProcessor",
    scanned: 1,
    skipped: 0,
    count: 1,
  });
  expect(told("sync_run_end").map(({ fields }) => [fields["component"], fields["outcome"], fields["reason"]])).toEqual([
    ["Sync", "success", ""],
    ["Sync", "fail", "needs_reconnect"],
  ]);
  expect(health.body).toMatchObject({
    ...{ gmail_status: "connected", last_sync_outcome: "done", complete: true },
    ...{
      last_sync_started_at: expect.any(String),
      last_sync_ended_at: expect.any(String),
      last_success_at: expect.any(String),
    },
  });
});

test("disconnected, the permission is given back at Google and forgotten here; what was read stays", async () => {
  desk = await openFrontDesk();
  await label(LABEL);
  const id = await openConnection(desk);
  await desk.signIn(id);
  await desk.people("gmail/deliver", { email: ANNA, labels: [LABEL], ...confirmation(stayOf(0)) });
  await desk.api("POST", `connections/${id}/sync`);

  const gone = await desk.api("POST", `connections/${id}/disconnect`);
  const again = await desk.api("POST", `connections/${id}/disconnect`);
  const synced = await desk.api("POST", `connections/${id}/sync`);

  expect([gone.body, again.body]).toMatchObject([{ gmail_status: "pending" }, { gmail_status: "pending" }]);
  expect(desk.bench.secrets.get(`gmail-${id}`)).toBe("");
  expect(synced).toMatchObject({ status: 409, body: { code: "INVALID_STATE" } });
  expect(await desk.bench.world.store("loft").count({ collection: "emails" })).toBe(1);
});

test("two workspaces cannot see each other: 403, and 404 where there is nothing", async () => {
  desk = await openFrontDesk();
  const id = await openConnection(desk);

  for (const [method, path, body] of [
    ["GET", `connections/${id}`],
    ["PATCH", `connections/${id}`, { reservation_label: "Mine" }],
    ["GET", `connections/${id}/health`],
    ["GET", `connections/${id}/gmail/start`],
    ["POST", `connections/${id}/sync`],
  ] as const) {
    expect(await desk.api(method, path, body, "villa")).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  }
  expect((await desk.api("GET", "connections", undefined, "villa")).body).toMatchObject({ items: [] });
  expect((await desk.api("GET", "connections/nobody", undefined, "villa")).status).toBe(404);
  expect((await desk.api("GET", `connections/${id}`)).body).toMatchObject({ reservation_label: LABEL });
});

test("the refresh token is in the secrets alone: no answer, log line or document holds it", async () => {
  desk = await openFrontDesk();
  await label(LABEL);
  const id = await openConnection(desk);
  await desk.signIn(id);
  await desk.api("POST", `connections/${id}/sync`);

  const token = desk.bench.secrets.get(`gmail-${id}`) ?? "";
  expect(token).toMatch(/^1\/\//);
  const rows = await Promise.all(
    ["connections", "handshakes", "leases", "alerts"].map((collection) =>
      desk.bench.world.store("loft").query({ collection }),
    ),
  );
  const everything = JSON.stringify([rows, desk.bench.lines, await desk.api("GET", `connections/${id}`)]);
  expect(everything).not.toContain(token);
});
