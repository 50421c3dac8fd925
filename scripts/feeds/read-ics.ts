import { print } from "./command.ts";
import { readCommand } from "./read-command.ts";

// `npm run read-ics -- FILE.ics [--platform P] [--now ISO] [--zone Z]`
print(await readCommand(process.argv.slice(2)));
