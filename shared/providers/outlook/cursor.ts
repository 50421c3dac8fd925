import { z } from "zod";
import { LockstepError } from "../../errors.ts";
import { type Instant, later } from "../../sync/time.ts";
import { tryJson } from "../try-json.ts";

const DAY_MS = 86_400_000;
/** A window is opened anew when its end has come this much nearer. */
const RENEW_AFTER_DAYS = 7;

/**
 * The window of a delta round. Graph freezes it in the round's links, so it travels with them:
 *
 *        from                          now                                 until
 *          |----------------------------|------------ horizon ---------------|
 *
 * Time goes on and the horizon with it. Seven days later the cursor counts as expired, and everything is
 * listed again in a window that reaches as far as it should.
 */
const Window = z.object({ from: z.string(), until: z.string() });
export type Window = z.infer<typeof Window>;

/** Between two listings: where the next round starts. */
const Cursor = z.object({ window: Window, link: z.string() });
export type Cursor = z.infer<typeof Cursor>;

/**
 * Within a listing. A full one walks the whole delta round first (`opening`), only for its last link, then the
 * view of the same window with its properties (`viewing`); what changes between the two comes again with that link.
 */
const Page = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("opening"), window: Window, link: z.string() }),
  z.object({ phase: z.literal("viewing"), window: Window, link: z.string(), delta: z.string() }),
  z.object({ phase: z.literal("since"), window: Window, link: z.string() }),
]);
export type Page = z.infer<typeof Page>;

export function openWindow(from: Instant, now: Instant, horizonDays: number): Window {
  return { from, until: later(now, horizonDays * DAY_MS) };
}

export function writeCursor(cursor: Cursor): string {
  return encode(cursor);
}

/** Throws CURSOR_EXPIRED for one whose window ends too soon by now, or that is none of ours. */
export function readCursor(text: string, now: Instant, horizonDays: number): Cursor {
  const cursor = Cursor.safeParse(decode(text));
  if (!cursor.success) throw expired("the cursor cannot be read");
  const needed = later(now, (horizonDays - RENEW_AFTER_DAYS) * DAY_MS);
  if (cursor.data.window.until < needed) throw expired(`its window ends at ${cursor.data.window.until}`);
  return cursor.data;
}

export function writePage(page: Page): string {
  return encode(page);
}

/** Throws PROVIDER_REFUSED for what is no page of ours. */
export function readPage(text: string): Page {
  const page = Page.safeParse(decode(text));
  if (page.success) return page.data;
  throw new LockstepError("PROVIDER_REFUSED", { detail: "Microsoft Graph: this is no page of a listing." });
}

function encode(value: Cursor | Page): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text: string): unknown {
  return tryJson(Buffer.from(text, "base64url").toString());
}

function expired(why: string): LockstepError {
  return new LockstepError("CURSOR_EXPIRED", { detail: `Microsoft Graph: a new listing is needed: ${why}.` });
}
