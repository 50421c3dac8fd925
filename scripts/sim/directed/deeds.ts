import type { StoryStep } from "./story.ts";

/** From 13:00 to 13:30 on the first resource. */
export const LATER = { slot: 10, other: 4 } as const;

export const book = (when: { slot: number; other: number }): StoryStep => ({ deed: "book", ...when });
export const wait = (minutes: number): StoryStep => ({ deed: "wait", seconds: minutes * 60 });

/** A booking whose event is there, and which the poller has listed: the next poll is almost two minutes away. */
export const LISTED: StoryStep = { ...book(LATER), seconds: 65 };

/** The policy by which a person is asked what a deleted event means. */
export const ASKS = { calendarDeletion: "ask" } as const;
