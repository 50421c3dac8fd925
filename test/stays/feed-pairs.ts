import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Two readings of one feed, written before our readers were read, and what they must be taken for. */
export interface FeedPair {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly args: readonly string[];
  /** The head's lines, each a list; stays and blocks of the first reading as `[code ]start..end`. */
  readonly expected: Readonly<Record<string, readonly string[]>>;
}

const FOLDER = fileURLToPath(new URL("./pairs/", import.meta.url));

/** All pairs of `test/stays/pairs`; a head line `Lines:` says how their bytes are odd. */
export function readFeedPairs(): FeedPair[] {
  const texts = readdirSync(FOLDER).map((file) => readFileSync(FOLDER + file, "utf8"));
  return texts.flatMap((text) => text.split(/^=== /m).slice(1).map(parsePair));
}

function parsePair(entry: string): FeedPair {
  const [head = "", before = "", after = ""] = entry.split(/^--- /m);
  const [name = "", ...lines] = head.trim().split("\n");
  const fields = new Map(
    lines.map((line): [string, string] => [line.split(": ")[0] ?? "", line.slice(line.indexOf(": ") + 2)]),
  );
  const odd = fields.get("Lines") ?? "";
  const options = ["Now", "Zone", "Platform"].flatMap((option) => {
    const value = fields.get(option);
    return value === undefined ? [] : [`--${option.toLowerCase()}`, value];
  });
  const list = (field: string, by: string) => fields.get(field)?.split(by) ?? [];
  return {
    name,
    before: calendarOf(before, odd.replace("cut", "")),
    after: calendarOf(after, odd),
    args: options,
    expected: {
      stays: list("Stays", " | "),
      blocks: list("Blocks", " | "),
      bad: list("Bad", " "),
      fails: list("Fails", " "),
      ...Object.fromEntries(
        ["Added", "Changed", "Doubtful", "Cancelled", "Expired"].map((field) => [
          field.toLowerCase(),
          list(field, " "),
        ]),
      ),
    },
  };
}

function calendarOf(section: string, odd: string): string {
  const [kind = "", ...lines] = section.trimEnd().split("\n");
  if (kind.endsWith("raw")) return lines.join("\n");
  const all = ["BEGIN:VCALENDAR", ...lines, ...(odd.includes("cut") ? [] : ["END:VCALENDAR"])];
  const end = (index: number) => (odd.includes("lf") || (odd.includes("mixed") && index % 3 === 0) ? "\n" : "\r\n");
  const text = all.map((line, index) => `${line}${odd.includes("cut") && index === all.length - 1 ? "" : end(index)}`);
  return `${odd.includes("bom") ? "\ufeff" : ""}${text.join("")}`;
}
