import type { Call } from "./world.ts";

/** One customer of the demo, at every provider it uses. */
export interface DemoCustomer {
  /** Under which the state remembers what was put; a mark that changes puts it again. */
  readonly marks: { readonly opened: string; readonly filled: string };
  /** What is there before anybody books: calendars, bays, rooms. */
  open(call: Call): void;
  /** About a week of bookings, and events that are none of ours. */
  fill(call: Call): void;
}
