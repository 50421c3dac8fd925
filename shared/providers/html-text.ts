/** The elements that begin on a new line. */
const BLOCKS = /<(?:br|\/?(?:p|div|li|ul|ol|tr|table|h[1-6]|blockquote))\b[^>]*>/gi;
/** What holds no text that people read. */
const UNSEEN = /<!--[\s\S]*?-->|<(head|style|script|title)\b[\s\S]*?<\/\1\s*>/gi;

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/**
 * The text of an HTML body as calendars write them, for comparing and showing; not a parser for whatever the
 * web has. The same body always gives the same text, which is what law 9 asks for.
 */
export function htmlToText(html: string): string {
  const lines = html
    .replaceAll(UNSEEN, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(BLOCKS, "\n")
    .replaceAll(/<[^>]*>/g, "")
    .split("\n")
    .map((line) => decodeEntities(line.replaceAll(/ +/g, " ").trim()));
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
