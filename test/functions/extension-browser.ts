import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-for-testing"];

/** Chromium of this machine; undefined where there is none. Google's own Chrome takes no extensions from the command line. */
export const CHROMIUM = [process.env["CHROMIUM_PATH"], ...PLACES].find(
  (path) => path !== undefined && existsSync(path),
);

/** A headless browser with the mail extension, and Outlook's pages in place of which stand ours. */
export interface MailBrowser {
  readonly origin: string;
  configure(address: string, key: string): Promise<void>;
  /** Opens the stand-in at an address of Outlook. */
  open(path: string): Promise<Page>;
  close(): Promise<void>;
}

export async function openMailBrowser(pages: (path: string) => string): Promise<MailBrowser> {
  const profile = mkdtempSync(join(tmpdir(), "lockstep-mail-"));
  const extension = join(process.cwd(), "functions/api/extension");
  const context = await chromium.launchPersistentContext(profile, {
    headless: false,
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: [
      "--headless=new",
      "--no-sandbox",
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
  });
  await context.route("https://outlook.office.com/**", (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", body: pages(new URL(route.request().url()).pathname) }),
  );
  const background = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return {
    origin: `chrome-extension://${new URL(background.url()).host}`,
    configure: (address, key) =>
      background.evaluate((settings) => Reflect.get(globalThis, "chrome").storage.local.set(settings), {
        address,
        key,
      }),
    open: (path) => openPage(context, path),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`https://outlook.office.com${path}`);
  return page;
}
