import { readCalendar } from "../../shared/stays/read-calendar.ts";
import { type Answer, answerCommand } from "./command.ts";
import { readFeedFile, readFeedOptions } from "./feed-options.ts";
import { showReading } from "./show-reading.ts";

const USAGE = "Usage: npm run read-ics -- FILE.ics [--platform airbnb|vrbo|booking|pms|…] [--now ISO] [--zone IANA]";

/** What one feed says, as Lockstep reads it. */
export function readCommand(args: readonly string[]): Promise<Answer> {
  return answerCommand(async () => {
    const { files, context } = readFeedOptions(args, 1);
    const [file = ""] = files;
    const reading = readCalendar(await readFeedFile(file), context);
    const shown = showReading(reading);
    if (reading.kind === "failure") {
      return { shown, says: [`${file} tells of no stay, nor that there is none: ${reading.why}.`], code: 1 };
    }
    const says = reading.complete ? [] : [`${file} breaks off: what is missing in it may exist.`];
    return { shown, says, code: 0 };
  }, USAGE);
}
