import { compareReadings } from "../../shared/stays/compare-readings.ts";
import type { FeedReading, FeedRow } from "../../shared/stays/feed-row.ts";
import { readCalendar } from "../../shared/stays/read-calendar.ts";
import { readFeedFile, readFeedOptions } from "./feed-options.ts";
import { showRow } from "./show-reading.ts";

// What the second reading of a feed means after the first: `npm run diff-ics -- BEFORE.ics AFTER.ics --now ISO`.
const USAGE =
  "Usage: npm run diff-ics -- BEFORE.ics AFTER.ics --now ISO [--platform airbnb|vrbo|booking|pms|…] [--zone IANA]";

try {
  const { files, context } = readFeedOptions(process.argv.slice(2), 2);
  const [before, after] = await Promise.all(files.map(readFeedFile));
  if (before === undefined || after === undefined) throw new RangeError("name two files");
  const first = readCalendar(before, context);
  const platform = first.kind === "calendar" ? { platform: first.platform } : {};
  const second = readCalendar(after, { ...platform, ...context });
  const meaning = compareReadings(first, second, context.now, context.zone);
  const error = whyNothingFollows(second) ?? whyNothingFollows(first);
  const shown = {
    added: meaning.added.map(showRow),
    changed: meaning.changed.map(showChange),
    doubtful: meaning.doubtful.map(showRow),
    cancelled: meaning.cancelled.map(showRow),
    expired: meaning.expired.map(showRow),
    ...(error === undefined ? {} : { error }),
  };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (error !== undefined) {
    process.stderr.write(`A file tells of no stay, nor that there is none: ${error}.\n`);
    process.exitCode = 1;
  } else if (second.kind === "calendar" && !second.complete) {
    process.stderr.write("The second file breaks off: what is missing in it may exist.\n");
  }
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  process.stderr.write(`${error.message}.\n${USAGE}\n`);
  process.exitCode = 2;
}

function whyNothingFollows(reading: FeedReading): string | undefined {
  return reading.kind === "failure" ? reading.why : undefined;
}

function showChange({ before, after }: { readonly before: FeedRow; readonly after: FeedRow }) {
  return { ...showRow(after), before: showRow(before), after: showRow(after) };
}
