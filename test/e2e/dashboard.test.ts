import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import type { DeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { bookingHint, messagesOf } from "../../shared/flows/publish.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { axeComplaints, DESKTOP, findChromium, openBrowser, PHONE } from "./browser.ts";
import { freePort, type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { type Appointment, BAYS, type Event, localTime, mirrored, openStudio, type Studio } from "./studio.ts";

const WITHIN = { timeout: 20_000, interval: 100 };
const PAGES = ["today", "week", "reviews", "holds", "health", "dead-letters", "explain/uschedule%3A410001"];
const MASS = Array.from({ length: 8 }, (_, index) => `Mass ${index}`);
const chromium = findChromium();
if (chromium === undefined) {
  process.stderr.write(
    "No Chromium here: the dashboard is NOT tried in a browser. Remedy: apt-get install chromium.\n",
  );
}

describe.skipIf(chromium === undefined)("the dashboard of npm start, in a browser", () => {
  let lockstep: LockstepProcess;
  let studio: Studio;
  let browser: Browser;
  let page: Page;
  /** What the browser complained of: an error of a script, or what the policy refused. */
  const complaints: string[] = [];
  const outside: string[] = [];

  beforeAll(async () => {
    const data = tempFolder();
    await seedLetter(data);
    lockstep = await startLockstep({ data, port: await freePort() });
    studio = openStudio(lockstep);
    browser = await openBrowser(chromium ?? "");
    page = await browser.newPage({ viewport: DESKTOP });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => !request.url().startsWith(lockstep.url) && outside.push(request.url()));
  });
  afterAll(async () => {
    await browser?.close();
    await lockstep?.kill();
    if (lockstep !== undefined) removeFolder(lockstep.data);
  });

  const open = (path: string) => page.goto(`${lockstep.url}/#/${path}`);
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  test("a booking made elsewhere appears without a reload", async () => {
    await open("week");
    await page.getByText("Priya Raman").first().waitFor();
    await page.evaluate("globalThis.stillHere = true");

    await studio.book(BAYS[0], localTime(2, 20), "Nora Elsewhere");

    const bar = page.locator(".timeline").getByText("Nora Elsewhere");
    await bar.waitFor({ timeout: WITHIN.timeout });
    await page.locator(".timeline .is-in-step", { hasText: "Nora Elsewhere" }).waitFor({ timeout: WITHIN.timeout });
    await page.locator(".feed").getByText("Nora Elsewhere").waitFor();
    expect(await page.evaluate("globalThis.stillHere")).toBe(true);
  });

  test("S55: one reads why a booking was cancelled", async () => {
    const { id } = await bookedWithEvent("Cay Cancelled", 3, 20);
    const [event] = await eventsOf("Cay Cancelled");
    if (event === undefined) throw new Error("the booking has its event");
    await studio.deleteEvent(event);
    await vi.waitFor(async () => expect((await studio.appointment(id))?.StatusID).toBe(9), WITHIN);

    await open("week");
    await page.locator(".feed").getByText("Cay Cancelled").first().click();

    const drawer = page.getByRole("dialog");
    await drawer.getByText("cancel-booking: cancelled").waitFor();
    await drawer.getByText("event-deleted").first().waitFor();
    await drawer.getByText("Close").click();
  });

  test("a review item is gone through and resolved by keys alone", async () => {
    await bookedWithEvent("Tak Taken", 4, 20);
    await bookedWithEvent("Mov Mover", 4, 18);
    const [event] = await eventsOf("Mov Mover");
    if (event === undefined) throw new Error("the booking has its event");
    await studio.drag(event, localTime(4, 20));

    await open("reviews");
    await page.locator("[data-review]").first().waitFor({ timeout: WITHIN.timeout });
    await page.locator("[data-review]").first().focus();
    await page.keyboard.press("r");

    await page.getByText("Nothing needs you.").waitFor({ timeout: WITHIN.timeout });
  });

  test("S04: a held mass deletion is looked at, approved, and undone before anything was cancelled", async () => {
    for (const [index, name] of MASS.entries()) await studio.book(BAYS[1], localTime(20 + index, 9), name);
    const held = await emptied();
    await open("holds");
    const hold = page.locator(".card", { hasText: "Too much at once" });
    await hold.waitFor({ timeout: WITHIN.timeout });
    await hold.locator("tbody tr").first().waitFor();
    expect(await hold.locator("del").first().textContent()).toContain("Mass");
    const before = await liveOf(held);

    await button("Approve").first().click();
    await button("Yes, approve").click();
    await page.getByText("nothing was cancelled yet").waitFor();
    const waiting = await liveOf(held);
    await button("Undo").first().click();
    await button("Yes, undo").click();

    await vi.waitFor(async () => expect(await shownOf(held)).toHaveLength(held.length), WITHIN);
    expect(waiting).toEqual(before);
    expect(await liveOf(held)).toEqual(before);
  });

  test("S04: undone after its bookings were cancelled, they are booked again, and the new ids are told", async () => {
    const held = await emptied();
    await open("holds");
    await button("Approve").first().click();
    await button("Yes, approve").click();
    await vi.waitFor(async () => expect(await liveOf(held)).toHaveLength(0), { timeout: 90_000, interval: 500 });
    await page.getByText("nothing was cancelled yet").waitFor({ state: "detached" });

    await button("Undo").first().click();
    await button("Yes, undo").click();

    await page.getByText("Booked again under new ids").waitFor({ timeout: WITHIN.timeout });
    await vi.waitFor(async () => expect(await shownOf(held)).toHaveLength(held.length), WITHIN);
    expect(await liveOf(held)).toHaveLength(held.length);
    await open("health");
    await page.getByText("undo hold").first().waitFor();
  }, 150_000);

  test("a dead letter is replayed", async () => {
    await open("dead-letters");
    await page.getByText("refused 10 times").waitFor();

    await button("Replay").click();

    await page.getByText("No message was given up.").waitFor({ timeout: WITHIN.timeout });
    expect(await studio.api("dead-letters?status=replayed")).toMatchObject({ items: [{ messageId: "letter-1" }] });
  });

  for (const [name, viewport] of [
    ["a desktop", DESKTOP],
    ["a phone", PHONE],
  ] as const) {
    test(`every page is accessible on ${name}, light and dark, and wider than no screen`, async () => {
      const found: string[] = [];
      await page.setViewportSize(viewport);
      for (const path of PAGES) {
        await page.emulateMedia({ colorScheme: path.length % 2 === 0 ? "dark" : "light" });
        await open(path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.getByText("Loading …").first().waitFor({ state: "detached" });
        const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (wide !== 0) found.push(`${path} is ${String(wide)} pixels too wide`);
        found.push(...(await axeComplaints(page)).map((each) => `${path}: ${each}`));
      }

      expect(found).toEqual([]);
    });
  }

  test("with a key of the workspace one signs in, and out; a cookie alone changes nothing", async () => {
    const { key } = (await studio.api("keys", {
      method: "POST",
      body: JSON.stringify({ label: "front desk", scopes: ["operate"] }),
    })) as { key: string };
    const fresh = await browser.newContext();
    const own = await fresh.newPage();
    await fresh.addCookies([
      { name: "lockstep-session", value: `loft.${"x".repeat(43)}`, url: lockstep.url, sameSite: "Strict" },
    ]);
    await own.goto(`${lockstep.url}/`);

    await own.getByLabel("API key").fill(key);
    await own.getByRole("button", { name: "Sign in" }).click();
    await own.getByRole("button", { name: "Sign out" }).waitFor();
    const [cookie] = await fresh.cookies();
    const asCookie = { cookie: `lockstep-session=${cookie?.value}` };
    const reads = await fetch(`${lockstep.url}/api/session`, { headers: asCookie });
    const acts = await fetch(`${lockstep.url}/api/sync`, { method: "POST", headers: asCookie });
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.getByLabel("API key").waitFor();
    const after = await fetch(`${lockstep.url}/api/session`, { headers: asCookie });

    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    expect([reads.status, acts.status, after.status]).toEqual([200, 403, 401]);
    await fresh.close();
  });

  test("somebody whom the workspace names signs in by their Google account, without a request from our page", async () => {
    const fresh = await browser.newContext();
    const own = await fresh.newPage();
    await fresh.addCookies([
      { name: "lockstep-session", value: `loft.${"x".repeat(43)}`, url: lockstep.url, sameSite: "Strict" },
    ]);
    await own.goto(`${lockstep.url}/`);

    await own.getByRole("link", { name: "Sign in with Google" }).click();
    await own.getByText("host@lets.example: allow").click();
    await own.getByRole("button", { name: "Sign out" }).waitFor();
    const session = await own.evaluate("fetch('/api/session').then((answer) => answer.json())");

    expect(session).toMatchObject({ ws: "loft", actor: "host@lets.example", workspaces: ["loft", "town"] });
    await fresh.close();
  });

  test("nothing was asked of anybody else, and nothing was refused by the page's own policy", () => {
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
  });

  const eventsOf = async (name: string): Promise<Event[]> =>
    (await studio.events()).filter(({ summary }) => summary === name);
  const shownOf = async (names: readonly string[]): Promise<Event[]> =>
    (await studio.events()).filter(({ summary = "" }) => names.includes(summary));
  /** Somebody deletes the events of all that is left of the eight; answers the names of those whose cancellation is held. */
  const emptied = async (): Promise<readonly string[]> => {
    const live = (await liveOf(MASS)).map(({ CustomerName }) => CustomerName);
    const events = await vi.waitFor(async () => {
      const found = await shownOf(live);
      expect(found).toHaveLength(live.length);
      return found;
    }, WITHIN);
    for (const event of events) await studio.deleteEvent(event);
    return vi.waitFor(async () => {
      const maps = (await studio.api("event-maps?status=held")) as { items: { appointmentId: string }[] };
      const ids = maps.items.map(({ appointmentId }) => appointmentId);
      const rows = (await liveOf(live)).map(({ AppointmentID }) => String(AppointmentID));
      // What is neither cancelled nor held is still under way.
      expect(rows.toSorted()).toEqual(ids.toSorted());
      expect(ids.length).toBeGreaterThan(0);
      return (await liveOf(live)).map(({ CustomerName }) => CustomerName);
    }, WITHIN);
  };
  const liveOf = async (names: readonly string[]): Promise<Appointment[]> =>
    (await studio.appointments()).filter(
      ({ CustomerName, StatusID }) => names.includes(CustomerName) && StatusID === 1,
    );

  async function bookedWithEvent(customer: string, day: number, hour: number): Promise<{ id: number }> {
    const { AppointmentID: id } = await studio.book(BAYS[0], localTime(day, hour), customer);
    await vi.waitFor(async () => {
      const shown = (await studio.events()).filter((event) => mirrored(event) === String(id));
      expect(shown).toHaveLength(1);
    }, WITHIN);
    return { id };
  }
});

/** As if the bus had given a message up before this start. */
async function seedLetter(data: string): Promise<void> {
  const now = systemClock.now();
  const place = { ws: "loft", resource: "bay-1", source: "uschedule", bookingId: "410001" };
  const [message] = messagesOf(bookingHint(place, "replay", now));
  if (message === undefined) throw new Error("a hint makes one message");
  const letter: DeadLetter = {
    ...{ messageId: "letter-1", subscription: "sync", reason: "refused 10 times", encoding: "text", status: "kept" },
    ...{ data: message.data, attributes: message.attributes, orderingKey: message.orderingKey },
    ...{ publishedAt: now, keptAt: now },
  };
  const stores = openSqliteStores(join(data, "store.sqlite"), systemClock);
  const ref = { collection: "deadLetters", id: letter.messageId };
  await stores.workspace("loft").commit([{ kind: "put", ref, data: letter }]);
  await stores.close();
}
