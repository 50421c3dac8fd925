import { print } from "./command.ts";
import { diffCommand } from "./diff-command.ts";

// `npm run diff-ics -- BEFORE.ics AFTER.ics --now ISO [--platform P] [--zone Z]`
print(await diffCommand(process.argv.slice(2)));
