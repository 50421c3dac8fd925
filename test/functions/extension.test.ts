import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EXTENSION_ORIGIN } from "../../functions/api/cors.ts";
import { type Camp, openCamp } from "./camp-bench.ts";
import { CHROMIUM, type MailBrowser, openMailBrowser } from "./extension-browser.ts";

/** Outlook on the web as far as the extension looks at it: a list, and a reading pane that changes without a new page. */
function outlook(path: string): string {
  const isOpen = path.includes("/id/");
  return `<!doctype html><title>Mail</title><div role="main">${isOpen ? mail("Re: Booking #12345 – deposit query", "Is it due?") : ""}</div>`;
}

function mail(subject: string, body: string): string {
  return `<div role="heading" aria-level="2">${subject}</div>
    <span aria-label="From: Sam Leader"></span><span title="Sam Leader <leader@example.org>">Sam Leader</span>
    <time datetime="2027-01-09T10:00:00Z">Saturday</time><div aria-label="Message body">${body}</div>`;
}

describe.skipIf(CHROMIUM === undefined)(
  "the mail extension in Chromium (Debian: apt-get install chromium)",
  { timeout: 60_000 },
  () => {
    let browser: MailBrowser;
    let camp: Camp;
    let page: Page | undefined;
    beforeAll(async () => {
      browser = await openMailBrowser(outlook);
    }, 60_000);
    afterAll(() => browser.close());
    beforeEach(async () => {
      camp = await openCamp();
      await camp.book();
      await camp.post("bookings/sync", await camp.key(["operate"]));
      await browser.configure(camp.root, await camp.key(["capture"]));
    });
    afterEach(async () => {
      await page?.close();
      await camp.close();
    });

    const card = (of: Page) => of.getByRole("region", { name: "Lockstep" });

    test("captures the open mail and shows its booking; its origin is the one that the API lets in", async () => {
      page = await browser.open("/mail/inbox/id/AAMkAGI1%3D");

      await card(page).getByText("#12345 1st Anytown").waitFor();

      expect(browser.origin).toBe(EXTENSION_ORIGIN);
      expect(await card(page).innerText()).toContain("2027-02-05 to 2027-02-07, confirmed");
      const { body } = await camp.get("emails?sender=leader@example.org", await camp.key(["read"]));
      expect(body.items).toEqual([
        expect.objectContaining({
          ...{ senderName: "Sam Leader", subject: "Re: Booking #12345 – deposit query" },
          receivedAt: "2027-01-09T10:00:00.000Z",
        }),
      ]);
    });

    test("what a person presses is kept: not this booking after all", async () => {
      page = await browser.open("/mail/inbox/id/AAMkAGI1%3D");

      await card(page).getByRole("button", { name: "It is not" }).click();
      await card(page).getByText("No booking is named here.").waitFor();

      const { body } = await camp.get("bookings/12345/links", await camp.key(["read"]));
      expect(body.items).toEqual([]);
    });

    test("another mail opened in the same page is another card, and none open is none", async () => {
      page = await browser.open("/mail/inbox/id/first");
      await card(page).getByText("#12345").first().waitFor();

      const next = JSON.stringify(mail("About #77777", "Not known yet"));
      await page.evaluate(`history.pushState({}, "", "/mail/inbox/id/second");
      document.querySelector("[role=main]").innerHTML = ${next};`);
      await card(page).getByText("Booking #77777 is not known yet").waitFor();
      await page.evaluate(`history.pushState({}, "", "/mail/inbox");
      document.querySelector("[role=main]").replaceChildren();`);
      await card(page).waitFor({ state: "detached" });

      expect(await page.locator("#lockstep-card").count()).toBe(0);
    });

    test("what comes from OSM is text on the card, never markup", async () => {
      await camp.warden("edit", { id: "12345", group: "<img src=x id=evil>" });
      await camp.post("bookings/sync", await camp.key(["operate"]));

      page = await browser.open("/mail/inbox/id/AAMkAGI1%3D");
      await card(page).getByText("#12345 <img src=x id=evil>").waitFor();

      expect(await card(page).locator("img").count()).toBe(0);
    });

    test("a refusal is shown in words, with what to do", async () => {
      await browser.configure(camp.root, "lsk_camp_0000000000000000_revoked");

      page = await browser.open("/mail/inbox/id/AAMkAGI1%3D");

      await card(page)
        .getByText("Lockstep refused (UNAUTHENTICATED). Send an API key or token that is valid here.")
        .waitFor();
      expect(await card(page).getByRole("button").count()).toBe(0);
    });
  },
);
