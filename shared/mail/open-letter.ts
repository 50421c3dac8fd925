import PostalMime, { type Address, type Email } from "postal-mime";
import type { Instant } from "../sync/time.ts";
import type { Sender } from "./authenticity.ts";
import { plainSpaces, tidy } from "./fold.ts";
import { type Page, readHtml } from "./html-page.ts";
import { linksIn } from "./line.ts";
import type { MicroItem } from "./microdata.ts";

/** A mail taken out of its MIME envelope. */
export interface Letter {
  readonly from: Sender;
  readonly subject: string;
  readonly messageId: string | null;
  /** From the `Date` header, else from the topmost `Received`; null where neither can be read. */
  readonly sentAt: Instant | null;
  /** `Authentication-Results`, topmost first. */
  readonly authentication: readonly string[];
  readonly locale: string | null;
  /** `X-Template`, by which a platform names what it sends. */
  readonly template: string | null;
  /** The same text in each form the mail carries it, the richest first; lines of cells parted by tabs. */
  readonly views: readonly (readonly string[])[];
  readonly links: readonly string[];
  readonly jsonLd: readonly string[];
  readonly items: readonly MicroItem[];
  /** A mail program or server wrote it: an absence note, a bounce. */
  readonly isAutomatic: boolean;
  /** A mail that is attached to this one as a file of its own. */
  readonly enclosed: Uint8Array | null;
}

/** Larger mails are read up to here: no platform's template comes near. */
const MAX_BYTES = 30_000_000;
const MAX_HTML = 3_000_000;
const MAX_TEXT = 1_000_000;
const MAX_LINES = 5000;
const NO_PAGE: Page = { lines: [], links: [], jsonLd: [], items: [] };

/** Opens a raw mail. Never throws: of broken MIME it takes what can be read. */
export async function openLetter(raw: Uint8Array): Promise<Letter> {
  const email = await parse(raw.subarray(0, MAX_BYTES));
  const page = email?.html === undefined ? NO_PAGE : pageOf(email.html);
  const text = (email?.text ?? "").slice(0, MAX_TEXT);
  const views = [page.lines, plainLines(text)]
    .map((lines) => lines.slice(0, MAX_LINES))
    .filter((lines) => lines.length > 0);
  return {
    from: senderOf(email?.from),
    subject: tidy(email?.subject ?? ""),
    messageId: email?.messageId?.trim() || null,
    sentAt: instantOf(email?.date) ?? receivedAt(email),
    authentication: headersOf(email, "authentication-results"),
    locale: headersOf(email, "x-locale")[0] ?? headersOf(email, "content-language")[0] ?? null,
    template: headersOf(email, "x-template")[0] ?? null,
    views,
    links: [...page.links, ...linksIn(text)],
    jsonLd: page.jsonLd,
    items: page.items,
    isAutomatic: isAutomatic(email),
    enclosed: enclosedIn(email),
  };
}

async function parse(raw: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(raw, { forceRfc822Attachments: true, attachmentEncoding: "arraybuffer" });
  } catch {
    return undefined;
  }
}

function pageOf(html: string): Page {
  try {
    return readHtml(html.slice(0, MAX_HTML));
  } catch {
    return NO_PAGE;
  }
}

function plainLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => plainSpaces(line.replaceAll("\t", "   ")).trimEnd())
    .filter((line) => line.trim() !== "");
}

function senderOf(from: Address | undefined): Sender {
  return { name: tidy(from?.name ?? ""), address: (from?.address ?? "").trim().toLowerCase() };
}

function headersOf(email: Email | undefined, key: string): string[] {
  return (email?.headers ?? []).filter((header) => header.key === key).map((header) => header.value);
}

/** `Received: …; Mon, 1 Mar 2027 10:00:00 +0000`, the last hop. */
function receivedAt(email: Email | undefined): Instant | null {
  const [top] = headersOf(email, "received");
  return top === undefined ? null : instantOf(top.slice(top.lastIndexOf(";") + 1));
}

/** The instant a header's text names; null where it names none. */
export function instantOf(text: string | undefined): Instant | null {
  const at = Date.parse((text ?? "").replace(/\s*\([^)]*\)\s*$/, "").trim());
  const isSane = Number.isFinite(at) && at > 631_152_000_000 && at < 4_102_444_800_000;
  return isSane ? new Date(at).toISOString() : null;
}

/** RFC 3834 §5 and RFC 3464; what platforms generate themselves is marked otherwise. */
function isAutomatic(email: Email | undefined): boolean {
  const [submitted = ""] = headersOf(email, "auto-submitted");
  const [type = ""] = headersOf(email, "content-type");
  const address = email?.from?.address ?? "";
  return (
    /auto-replied/i.test(submitted) || /report-type/i.test(type) || /^(?:mailer-daemon|postmaster)@/i.test(address)
  );
}

function enclosedIn(email: Email | undefined): Uint8Array | null {
  const attached = email?.attachments.find(({ mimeType }) => mimeType === "message/rfc822");
  return attached?.content instanceof ArrayBuffer ? new Uint8Array(attached.content) : null;
}
