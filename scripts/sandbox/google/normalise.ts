/** What Google makes of what clients write; written back unchanged it stays as it is (S24, law 9). */

/** Without surrounding space and control characters; line ends as one `\n`. */
export function normaliseText(text: string): string {
  return [...text.replaceAll("\r\n", "\n").trim()]
    .filter((char) => char >= " " || char === "\n" || char === "\t")
    .join("");
}

const DROPPED_WITH_CONTENT = /<(script|style|iframe|object)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const DROPPED_TAGS = /<\/?(?:script|style|iframe|object|font|div|html|body|head|meta|input|form|img)\b[^>]*>/gi;
const EVENT_ATTRIBUTES = /\s(?:on\w+|style|class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;

/** Keeps simple mark-up (b, i, u, a, br, ul, li, p), drops the rest; plain text is not touched. */
export function stripHtml(text: string): string {
  if (!text.includes("<")) return text;
  const safe = text.replace(DROPPED_WITH_CONTENT, "").replace(DROPPED_TAGS, "");
  return safe.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(EVENT_ATTRIBUTES, ""));
}

const RULE_ORDER = ["FREQ", "WKST", "UNTIL", "COUNT", "INTERVAL"];

/** Upper-case rules with their parts in Google's order, one date per EXDATE line, rules first. */
export function normaliseRecurrence(lines: readonly string[]): string[] {
  const rules = lines.filter((line) => /^(RRULE|EXRULE)/i.test(line.trim())).map(normaliseRule);
  const dates = lines.filter((line) => /^(EXDATE|RDATE)/i.test(line.trim())).flatMap(splitDates);
  return [...rules, ...dates.sort()];
}

function normaliseRule(line: string): string {
  const [name = "", parts = ""] = line.trim().toUpperCase().split(":");
  const place = (part: string) => {
    const index = RULE_ORDER.indexOf(part.split("=")[0] ?? "");
    return index === -1 ? RULE_ORDER.length : index;
  };
  return `${name}:${parts
    .split(";")
    .filter((part) => part !== "")
    .sort((a, b) => place(a) - place(b))
    .join(";")}`;
}

function splitDates(line: string): string[] {
  const [name = "", values = ""] = line.trim().split(":");
  return values.split(",").map((value) => `${name}:${value}`);
}
