import type { Platform } from "../reading.ts";

/**
 * What one platform's templates have that others do not. Labels and sentences are shared; here stands only where it
 * puts name, code, dates and property without a label. Groups are named `name`, `code`, `dates`, `property`.
 */
export interface PlatformReader {
  /** Null: a let's own mails. */
  readonly platform: Platform | null;
  /** What its codes look like; null: like anything, so only a label tells. */
  readonly code: RegExp | null;
  /** Tried against the subject as written, in this order; each gives what the ones before left open. */
  readonly subjects: readonly RegExp[];
  /** Tried against the addresses of pages the mail links to. */
  readonly links: readonly RegExp[];
  /** The line after the property's title, as people read it. */
  readonly belowProperty: RegExp | null;
  /** The line after the guest's name. */
  readonly belowGuest: RegExp | null;
  /** Groups come, not persons: `1st Anytown`. */
  readonly guestsAreGroups: boolean;
}
