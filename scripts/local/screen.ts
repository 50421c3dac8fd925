import type { Config } from "../../shared/config.ts";
import type { Reached } from "./provider-roots.ts";

export interface ScreenFacts {
  readonly url: string;
  readonly functions: readonly string[];
  /** `SQLite`, or the emulators with their addresses. */
  readonly backing: string;
  readonly data: string;
  readonly config: Config;
  readonly configFile: string;
  readonly reached: readonly Reached[];
  /** Commands to try, each under a sentence. */
  readonly tries: readonly { readonly says: string; readonly command: string }[];
}

/** What `npm start` shows once everything is up. */
export function screenText(facts: ScreenFacts): string {
  const rows: [string, string][] = [
    ["functions", `${facts.functions.join(", ")}`],
    ["store, bus", facts.backing],
    ...facts.reached.map((each): [string, string] => [
      each.provider,
      `${each.root}${each.local ? "" : "  (the real one)"}`,
    ]),
    ...workspaceRows(facts.config),
    ["config", facts.configFile],
    ["kept in", `${facts.data}  (secrets.json, log.jsonl)`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    "",
    `Lockstep is up: its dashboard at ${facts.url}, its functions at ${facts.url}/<function>, for this machine only.`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`),
    ...(facts.tries.length === 0 ? [] : ["", "Try, in another terminal:"]),
    ...facts.tries.flatMap(({ says, command }) => ["", `  # ${says}`, `  ${command}`]),
    "",
    "What happens, from now on (Ctrl-C stops; started again on the same data, it goes on):",
    "",
  ].join("\n");
}

/** Resources shown of one workspace; of more only the first and the last. */
const SHOWN = 4;

function workspaceRows(config: Config): [string, string][] {
  return Object.entries(config.workspaces).map(([ws, workspace]) => {
    const resources = Object.entries(workspace.resources).map(([name, { calendar }]) => `${name} ↔ ${calendar}`);
    const shown =
      resources.length <= SHOWN ? resources.join(", ") : `${resources.length}, ${resources[0]} … ${resources.at(-1)}`;
    return [`workspace`, `${ws}: ${shown}`];
  });
}
