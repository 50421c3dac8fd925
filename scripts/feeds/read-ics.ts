import { readCalendar } from "../../shared/stays/read-calendar.ts";
import { readFeedFile, readFeedOptions } from "./feed-options.ts";
import { showReading } from "./show-reading.ts";

// What one feed says, as Lockstep reads it: `npm run read-ics -- FILE.ics [--platform P] [--now ISO] [--zone Z]`.
const USAGE = "Usage: npm run read-ics -- FILE.ics [--platform airbnb|vrbo|booking|pms|…] [--now ISO] [--zone IANA]";

try {
  const { files, context } = readFeedOptions(process.argv.slice(2), 1);
  const [file = ""] = files;
  const reading = readCalendar(await readFeedFile(file), context);
  process.stdout.write(`${JSON.stringify(showReading(reading), undefined, 2)}\n`);
  if (reading.kind === "failure") {
    process.stderr.write(`${file} tells of no stay, nor that there is none: ${reading.why}.\n`);
    process.exitCode = 1;
  } else if (!reading.complete) {
    process.stderr.write(`${file} breaks off: what is missing in it may exist.\n`);
  }
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  process.stderr.write(`${error.message}.\n${USAGE}\n`);
  process.exitCode = 2;
}
