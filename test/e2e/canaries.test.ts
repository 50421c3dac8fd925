import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { type LockstepProcess, removeFolder, startLockstep } from "./lockstep-process.ts";
import { BAYS, localTime, openStudio, plus, type Studio } from "./studio.ts";

/** Words that stand nowhere else; each is somebody's name, address or secret. */
const GUEST = "Quillfeather Zanzibarra";
const EMAIL = "quillfeather@canary.example";
const PHONE = "07700 900913";
const NOTES = "allergic to canary nuts";
const MAIL = "the key lies under the canary pot";
const CODE = "HMCANARYKEY";
const KEY = "lsk_canary_key_of_somebody_else";
const WITHIN_MS = 30_000;

let lockstep: LockstepProcess;
let studio: Studio;
/** What Lockstep answered when it refused. */
const refusals: string[] = [];

beforeAll(async () => {
  lockstep = await startLockstep();
  studio = openStudio(lockstep);
}, 120_000);
afterAll(async () => {
  await lockstep.stop();
  removeFolder(lockstep.data);
});

const json = { "content-type": "application/json" };

async function sandbox(path: string, body: object): Promise<void> {
  const answer = await fetch(`${lockstep.sandboxUrl}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.ok, `${path}: ${await answer.text()}`).toBe(true);
}

async function refused(path: string, init: RequestInit): Promise<void> {
  const answer = await fetch(`${lockstep.url}${path}`, init);
  refusals.push(JSON.stringify([answer.status, [...answer.headers], await answer.text()]));
  expect(answer.status, path).toBeGreaterThanOrEqual(400);
}

/** One booking through its life, by people on both sides. */
async function liveAtTheStudio(day: number): Promise<void> {
  const start = localTime(day, 9);
  const { AppointmentID: id } = await studio.book(BAYS[0], start, GUEST);
  const event = await vi.waitFor(
    async () => {
      const made = (await studio.events(BAYS[0].calendar)).find(({ summary, start: at }) => {
        return (
          summary === GUEST &&
          at?.dateTime !== undefined &&
          new Date(at.dateTime).getDate() === new Date(start).getDate()
        );
      });
      if (made === undefined) throw new Error("no event yet");
      return made;
    },
    { timeout: WITHIN_MS, interval: 100 },
  );
  await studio.patchEvent(event, { summary: `${GUEST} and friends`, description: NOTES });
  await studio.edit(id, { Notes: NOTES });
  await studio.drag(event, plus(start, 180));
  await studio.addOwnEvent(BAYS[0], plus(start, 300), `Lunch with ${GUEST}`);
}

async function stayAtTheCottage(): Promise<void> {
  const stay = { feed: "cottage-airbnb", start: "2027-05-07", end: "2027-05-09", code: CODE, guest: GUEST };
  await sandbox("ical/book", { ...stay, phone: PHONE, notes: NOTES });
  const text = `Reservation confirmed. ${GUEST} arrives. Confirmation code ${CODE}. ${MAIL}. Write to ${EMAIL}.`;
  const mail = { email: "host@lets.example", labels: ["Reservations"], subject: `Reservation for ${GUEST}`, text };
  await sandbox("gmail/deliver", mail);
  const asked = { platform: "airbnb", reservation_label: "Reservations" };
  const init = { method: "POST", headers: json, body: JSON.stringify(asked) };
  const { id } = z.object({ id: z.string() }).parse(await studio.api("connections?ws=lets", init));
  await signIn(`${lockstep.url}/api/connections/${id}/gmail/start?ws=lets`);
  await studio.api(`connections/${id}/sync?ws=lets`, { method: "POST" });
}

/** As a browser does: from address to address, with what it was told to keep. */
async function signIn(address: string): Promise<void> {
  const cookies: string[] = [];
  for (let at: string | null = address; at !== null; ) {
    const answer: Response = await fetch(at, { redirect: "manual", headers: { cookie: cookies.join("; ") } });
    cookies.push(...answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0] ?? ""));
    await answer.body?.cancel();
    const next = answer.headers.get("location");
    at = next === null ? null : new URL(next, at).href;
  }
}

async function meetingAtTheTown(): Promise<void> {
  const organiser = { name: GUEST, email: EMAIL };
  const [start, end] = [localTime(21, 18).slice(0, 16), localTime(21, 20).slice(0, 16)];
  await sandbox("booking/book", { resources: "room-1", start, end, title: GUEST, description: NOTES, organiser });
}

async function knockAtTheEdges(): Promise<void> {
  const body = JSON.stringify({ CustomerName: GUEST, Email: EMAIL, Notes: NOTES });
  const signature = { "webhook-id": "msg_canary", "webhook-timestamp": "1", "webhook-signature": `v1,${KEY}` };
  await refused("/booking-webhook/loft/uschedule", { method: "POST", headers: { ...json, ...signature }, body });
  await refused("/booking-webhook/loft/uschedule", {
    method: "POST",
    headers: json,
    body: `{"CustomerName": "${GUEST}`,
  });
  await refused("/gcal-push", { method: "POST", headers: { "x-goog-channel-token": KEY, "x-goog-channel-id": GUEST } });
  await refused("/sync", { method: "POST", headers: { ...json, authorization: `Bearer ${KEY}` }, body });
  await refused("/api/bookings?ws=loft", { headers: { authorization: `Bearer ${KEY}` } });
  await refused("/api/emails/capture?ws=loft", { method: "POST", headers: json, body: `{"body": "${MAIL}` });
}

test("S33: names, addresses, mails and secrets of a whole day stand in no log line, no refusal and no address", async () => {
  await liveAtTheStudio(12);
  await Promise.all([stayAtTheCottage(), meetingAtTheTown(), knockAtTheEdges()]);
  let day = 13;
  for (const kind of ["status=400", "status=403", "status=500", "html", "cut"]) {
    const rules = ["google", "uschedule", "booking", "ical", "gmail"].map((api) => ({ api, kinds: [kind], times: 4 }));
    await sandbox("faults", { rules });
    await studio.book(BAYS[1], localTime(++day, 10), GUEST);
    await studio.api("sync", { method: "POST", headers: json, body: "{}" });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await studio.clearFaults();
    await liveAtTheStudio(++day);
  }

  const log = readFileSync(join(lockstep.data, "log.jsonl"), "utf8");
  const calls = await (await fetch(`${lockstep.sandboxUrl}/sandbox/calls`)).text();

  expect(log).toMatch(/"severity":"(WARNING|ERROR)"/);
  expect(log).toMatch(/"action":"create"/);
  expect(log).toMatch(/"scanned":[1-9]/);
  expect(canariesIn({ log, screen: lockstep.screen(), refusals: refusals.join("\n"), calls })).toEqual([]);
});

/** Where a word stands that may stand nowhere. */
function canariesIn(places: Readonly<Record<string, string>>): string[] {
  const words = [...GUEST.split(" "), EMAIL, PHONE, NOTES, MAIL, KEY, ...secrets()];
  return Object.entries(places).flatMap(([place, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `${place}: ${word}`),
  );
}

/** Every secret that this installation has come to hold. */
function secrets(): string[] {
  const held = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(lockstep.data, "secrets.json"), "utf8")));
  return Object.values(held).filter((value) => value.length >= 8);
}
