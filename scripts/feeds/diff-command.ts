import { compareReadings } from "../../shared/stays/compare-readings.ts";
import type { FeedReading, FeedRow } from "../../shared/stays/feed-row.ts";
import { readCalendar } from "../../shared/stays/read-calendar.ts";
import { type Answer, answerCommand } from "./command.ts";
import { readFeedFile, readFeedOptions } from "./feed-options.ts";
import { showRow } from "./show-reading.ts";

const USAGE =
  "Usage: npm run diff-ics -- BEFORE.ics AFTER.ics --now ISO [--platform airbnb|vrbo|booking|pms|…] [--zone IANA]";

/** What the second reading of a feed means after the first. */
export function diffCommand(args: readonly string[]): Promise<Answer> {
  return answerCommand(async () => {
    const { files, context } = readFeedOptions(args, 2);
    const [before, after] = await Promise.all(files.map(readFeedFile));
    if (before === undefined || after === undefined) throw new RangeError("name two files");
    const first = readCalendar(before, context);
    // The second file is the same feed's, even where it says less of itself.
    const platform = first.kind === "calendar" ? { platform: first.platform } : {};
    const second = readCalendar(after, { ...platform, ...context });
    const { added, changed, doubtful, cancelled, expired } = compareReadings(first, second, context.now, context.zone);
    const error = failureOf(second) ?? failureOf(first);
    const shown = {
      added: added.map(showRow),
      changed: changed.map(showChange),
      doubtful: doubtful.map(showRow),
      cancelled: cancelled.map(showRow),
      expired: expired.map(showRow),
      ...(error === undefined ? {} : { error }),
    };
    return { shown, says: remarks(second, error), code: error === undefined ? 0 : 1 };
  }, USAGE);
}

function failureOf(reading: FeedReading): string | undefined {
  return reading.kind === "failure" ? reading.why : undefined;
}

function remarks(second: FeedReading, error: string | undefined): string[] {
  if (error !== undefined) return [`A file tells of no stay, nor that there is none: ${error}.`];
  if (second.kind === "failure" || second.complete) return [];
  return ["The second file breaks off: what is missing in it may exist."];
}

function showChange({ before, after }: { readonly before: FeedRow; readonly after: FeedRow }) {
  return { ...showRow(after), before: showRow(before), after: showRow(after) };
}
