import { createHash } from "node:crypto";

/** A file that was not kept: what it was. */
export interface LeftOut {
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Lessened {
  /** The mail byte for byte, but for the bodies of files. */
  readonly raw: Buffer;
  readonly leftOut: readonly LeftOut[];
}

const MAX_DEPTH = 20;
const CALENDAR = /^(text\/calendar|application\/ics)\b/i;

/**
 * The mail without the contents of its files, calendars excepted: they are large, hold what nobody needs here, and
 * say nothing of a stay. Their heads stay, with size and hash in place of the body; all else is untouched.
 */
export function lessen(raw: Uint8Array): Lessened {
  const leftOut: LeftOut[] = [];
  const text = Buffer.from(raw).toString("latin1");
  return { raw: Buffer.from(lessenPart(text, leftOut, 0), "latin1"), leftOut };
}

/** A character is a byte here. */
function lessenPart(text: string, leftOut: LeftOut[], depth: number): string {
  const gap = /\r?\n\r?\n/.exec(text);
  if (gap === null) return text;
  const head = text.slice(0, gap.index).replaceAll(/\r?\n[ \t]+/g, " ");
  const bodyAt = gap.index + gap[0].length;
  const boundary = /^content-type:\s*multipart\/.*?boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/im.exec(head);
  if (boundary !== null && depth < MAX_DEPTH) {
    const body = lessenParts(text.slice(bodyAt), boundary[1] ?? boundary[2] ?? "", leftOut, depth);
    return text.slice(0, bodyAt) + body;
  }
  const file = fileIn(head);
  // The mail itself is what it is about, whatever it calls itself.
  if (file === undefined || depth === 0) return text;
  const content = decoded(text.slice(bodyAt), head);
  const sha256 = createHash("sha256").update(content).digest("hex");
  leftOut.push({ filename: file, size: content.length, sha256 });
  return `${text.slice(0, bodyAt)}(left out: ${content.length} bytes, sha256 ${sha256})\r\n`;
}

function lessenParts(body: string, boundary: string, leftOut: LeftOut[], depth: number): string {
  const line = new RegExp(`(^|\\r?\\n)--${escaped(boundary)}(--)?[ \\t]*(?=\\r?\\n|$)`, "g");
  const marks = [...body.matchAll(line)];
  const [first] = marks;
  if (first === undefined) return body;
  let result = body.slice(0, first.index);
  for (const [index, mark] of marks.entries()) {
    const until = marks[index + 1]?.index ?? body.length;
    const inside = body.slice(mark.index + mark[0].length, until);
    const start = /^\r?\n/.exec(inside)?.[0] ?? "";
    const part =
      mark[2] === "--" ? inside.slice(start.length) : lessenPart(inside.slice(start.length), leftOut, depth + 1);
    result += mark[0] + start + part;
  }
  return result;
}

/** The name of the file a part holds; undefined where it is text to be read, a forwarded mail or a calendar. */
function fileIn(head: string): string | undefined {
  const type = /^content-type:\s*([^\r\n]*)/im.exec(head)?.[1] ?? "text/plain";
  const isText = /^(text\/(plain|html)|message\/)/i.test(type);
  const disposition = /^content-disposition:\s*([^\r\n]*)/im.exec(head)?.[1] ?? "";
  const name =
    /filename\*?=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? /\bname\*?=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(type);
  const filename = name?.[1] ?? name?.[2] ?? "";
  if (CALENDAR.test(type) || /\.ics$/i.test(filename)) return undefined;
  const isAttached = /^attachment\b/i.test(disposition);
  if (isText && !(isAttached && !/^message\//i.test(type))) return undefined;
  return filename === "" && /^multipart\//i.test(type) ? undefined : filename;
}

function decoded(body: string, head: string): Buffer {
  return /^content-transfer-encoding:\s*base64\b/im.test(head)
    ? Buffer.from(body, "base64")
    : Buffer.from(body, "latin1");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
