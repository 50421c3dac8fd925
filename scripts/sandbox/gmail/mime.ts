/** One part of a message, as text of one character a byte (latin1). */
export interface Part {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly mimeType: string;
  readonly filename: string;
  /** Decoded from its transfer encoding. */
  readonly body: Buffer;
  readonly parts: readonly Part[];
}

const MAX_DEPTH = 20;

/** Takes a message apart, however broken: what cannot be divided is one part. */
export function readPart(text: string, depth = 0): Part {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const body = end === null ? "" : text.slice(end.index + end[0].length);
  const headers = readHeaders(head);
  const type = headerOf(headers, "content-type");
  const mimeType = /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0]?.toLowerCase() ?? "text/plain";
  const boundary = parameter(type, "boundary");
  const isDivided = mimeType.startsWith("multipart/") && boundary !== undefined && depth < MAX_DEPTH;
  const filename = parameter(headerOf(headers, "content-disposition"), "filename") ?? parameter(type, "name") ?? "";
  if (isDivided) {
    const parts = divide(body, boundary).map((each) => readPart(each, depth + 1));
    return { headers, mimeType, filename, body: Buffer.alloc(0), parts };
  }
  return { headers, mimeType, filename, body: decode(body, headerOf(headers, "content-transfer-encoding")), parts: [] };
}

function readHeaders(head: string): { name: string; value: string }[] {
  const unfolded = head.replace(/\r?\n[ \t]+/g, " ");
  return unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }];
  });
}

export function headerOf(headers: Part["headers"], wanted: string): string {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? "";
}

function parameter(header: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(header);
  return found?.[1] ?? found?.[2];
}

/** What stands between the boundary's lines. */
function divide(body: string, boundary: string): string[] {
  const marked = `\n${body}`.split(`\n--${boundary}`).slice(1);
  const last = marked.findIndex((each) => each.startsWith("--"));
  const inside = last < 0 ? marked : marked.slice(0, last);
  return inside.map((each) => each.replace(/^[ \t]*\r?\n/, "").replace(/\r$/, ""));
}

function decode(body: string, encoding: string): Buffer {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, "base64");
  if (!/^quoted-printable$/i.test(encoding)) return Buffer.from(body, "latin1");
  const text = body
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, "latin1");
}
