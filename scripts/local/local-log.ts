import { createLog } from "../../shared/cloud/log.ts";
import type { Config } from "../../shared/config.ts";
import type { Log } from "../../shared/ports/log.ts";
import { openLogFile } from "./log-file.ts";
import { readableLine } from "./readable-line.ts";

/** The cloud's log lines, kept in a file; what a person should see of them is said in a readable form. */
export function openLocalLog(file: string, config: Config, say: (text: string) => void): Log {
  const zones = new Map(
    Object.values(config.workspaces).flatMap(({ resources }) =>
      Object.entries(resources).map(([name, { timeZone }]): [string, string] => [name, timeZone]),
    ),
  );
  const append = openLogFile(file);
  return createLog({
    out: (line) => {
      append(line);
      const readable = readableLine(JSON.parse(line), (resource) => zones.get(resource));
      if (readable !== undefined) say(readable);
    },
  });
}
