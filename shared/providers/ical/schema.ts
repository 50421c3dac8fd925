import { z } from "zod";
import { PLATFORMS } from "../../stays/platform.ts";

/** One calendar of one home at one host. */
const Feed = z.strictObject({
  /** The home, as its resource's `sourceName` calls it. */
  property: z.string().min(1),
  platform: z.enum(PLATFORMS).default("unknown"),
  /** Name of the secret with the feed's address, never the address itself: whoever has it reads the calendar. */
  urlSecret: z.string().min(1).meta({ secret: true }).exactOptional(),
  /** `nights`: check-in to check-out, whatever times are written. `exact`: times stay as written (a hall, a boat). */
  times: z.enum(["nights", "exact"]).default("nights"),
});
export type Feed = z.output<typeof Feed>;

/** What `lockstep.config.yaml` says about the feeds of one co-host. */
export const Settings = z.strictObject({
  /** By names of their own; where two have one stay, the first one owns it. */
  feeds: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "use 1 to 60 characters of a-z, 0-9 and -"), Feed),
  /** A feed is asked at most once in so many minutes: hosts make them anew every few hours. */
  minutesBetween: z.number().int().min(0).max(1_440).default(10),
  /** Blocks are shown as closures, or not at all. */
  blocks: z.enum(["show", "leave-out"]).default("show"),
});
export type Settings = z.output<typeof Settings>;
