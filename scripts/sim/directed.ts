import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "./cell.ts";
import { DIRECTED } from "./directed/stories.ts";
import { type Story, writeStory } from "./directed/story.ts";
import { History } from "./history.ts";
import type { Providers } from "./sides/registry.ts";
import { offeredBy } from "./write-history.ts";

export interface DirectedHistory {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly history: History;
}

/** Histories written by hand, each with what happens in it and the cells of the table it is there for. */
export function namedDirected(wish: Providers): DirectedHistory[] {
  const offered = offeredBy(wish);
  return DIRECTED.map((story: Story, index) => {
    const { name, cells } = story;
    return { name, cells, history: writeStory(story, { ...wish, seed: index + 1 }) };
  }).filter(({ history }) => [...(history.before ?? []), ...history.steps].every(({ deed }) => offered.has(deed)));
}

/** What once went wrong, shrunk and kept: each is about a safeguard that was missing then. */
const FOUND = join(import.meta.dirname, "../../test/sim/found");

export function readFound({ calendar, source }: Providers): History[] {
  const files = readdirSync(FOUND).filter((file) => file.endsWith(".json"));
  return files
    .map((file) => History.parse(JSON.parse(readFileSync(join(FOUND, file), "utf8"))))
    .filter((history) => history.calendar === calendar && history.source === source);
}

/** The same without their names, so that every run reaches every cell of the table. */
export function readDirected(wish: Providers): History[] {
  return namedDirected(wish).map(({ history }) => history);
}
