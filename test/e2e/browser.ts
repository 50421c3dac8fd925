import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { z } from "zod";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a browser is on this machine: `LOCKSTEP_CHROMIUM`, else where Linux puts one; undefined: there is none. */
export function findChromium(): string | undefined {
  return [process.env.LOCKSTEP_CHROMIUM ?? "", ...PLACES].find((place) => place !== "" && existsSync(place));
}

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

export const DESKTOP = { width: 1400, height: 900 };
export const PHONE = { width: 390, height: 844 };

const Violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/** What axe finds wrong with the page in view, in words; it runs past the page's policy, as a browser's own tools do. */
export async function axeComplaints(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const { violations } = z
    .object({ violations: Violations })
    .parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}
