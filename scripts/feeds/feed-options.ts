import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { platformNamed } from "../../shared/stays/platform.ts";
import type { FeedContext } from "../../shared/stays/read-calendar.ts";

/** What a command was asked: so many files, and how they are to be read. */
export interface FeedOptions {
  readonly files: readonly string[];
  readonly context: FeedContext;
}

/** Reads the command line. Throws a RangeError that says what is wrong with it. */
export function readFeedOptions(args: readonly string[], files: number): FeedOptions {
  const { values, positionals } = parse(args);
  if (positionals.length !== files) throw new RangeError(`name ${files === 1 ? "one file" : `${files} files`}`);
  const now = values.now === undefined ? new Date().toISOString() : instantOf(values.now);
  const platform = values.platform === undefined ? {} : { platform: platformOf(values.platform) };
  const zone = values.zone === undefined ? {} : { zone: zoneOf(values.zone) };
  return { files: positionals, context: { now, ...platform, ...zone } };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { platform: text, now: text, zone: text } });
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error));
  }
}

function instantOf(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`--now is no time: ${text}. Write e.g. 2027-05-07T12:00:00Z`);
  return new Date(at).toISOString();
}

/** A platform nobody knows is a channel manager's: they are many. */
function platformOf(word: string): NonNullable<FeedContext["platform"]> {
  return platformNamed(word) ?? "pms";
}

function zoneOf(name: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    throw new RangeError(`--zone is no IANA time zone: ${name}. Write e.g. Europe/London`);
  }
}

/** The bytes of a file. Throws a RangeError that names it. */
export async function readFeedFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new RangeError(`${path} cannot be read (${code})`);
  }
}
