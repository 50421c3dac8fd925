import type { Cell } from "./cell.ts";
import { DIRECTED } from "./directed/stories.ts";
import { type Story, writeStory } from "./directed/story.ts";
import type { History } from "./history.ts";
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

/** The same without their names, so that every run reaches every cell of the table. */
export function readDirected(wish: Providers): History[] {
  return namedDirected(wish).map(({ history }) => history);
}
