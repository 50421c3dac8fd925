import type { Cell } from "./cell.ts";
import { DIRECTED } from "./directed/stories.ts";
import { type Story, writeStory } from "./directed/story.ts";
import type { History } from "./history.ts";

export interface DirectedHistory {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly history: History;
}

/** Histories written by hand, each with what happens in it and the cells of the table it is there for. */
export function namedDirected(wish: { readonly calendar: string; readonly source: string }): DirectedHistory[] {
  return DIRECTED.map((story: Story, index) => {
    const { name, cells } = story;
    return { name, cells, history: writeStory(story, { ...wish, seed: index + 1 }) };
  });
}

/** The same without their names, so that every run reaches every cell of the table. */
export function readDirected(wish: { readonly calendar: string; readonly source: string }): History[] {
  return namedDirected(wish).map(({ history }) => history);
}
