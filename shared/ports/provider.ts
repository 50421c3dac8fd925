import type { z } from "zod";
import type { BookingSource } from "./booking-source.ts";
import type { Calendar } from "./calendar.ts";
import type { Clock } from "./clock.ts";
import type { SecretReader } from "./secrets.ts";

/** What a provider's `index.ts` exports; `registry.ts` holds one line for each. */
export type Provider = CalendarProvider | SourceProvider;

interface ProviderHead<Settings extends z.ZodType> {
  /** The folder's name, also the name in `lockstep.config.yaml`. */
  readonly name: string;
  /** Half of the `direction` in logs: `USCHEDULE_TO_GCAL`. */
  readonly label: string;
  /** Where the real API is, and the environment variable that puts something else there. */
  readonly root: { readonly url: string; readonly variable: string };
  /** What `lockstep.config.yaml` says about one account. */
  readonly settings: Settings;
}

export interface CalendarProvider<Settings extends z.ZodType = z.ZodType> extends ProviderHead<Settings> {
  readonly kind: "calendar";
  connect(connection: Connection<z.output<Settings>>): Calendar;
}

export interface SourceProvider<Settings extends z.ZodType = z.ZodType> extends ProviderHead<Settings> {
  readonly kind: "source";
  connect(connection: Connection<z.output<Settings>>): BookingSource;
}

export interface Connection<Settings> {
  readonly settings: Settings;
  /** Root without a trailing slash. */
  readonly root: string;
  /** For local times without an offset. IANA. */
  readonly timeZone: string;
  readonly secrets: SecretReader;
  readonly clock: Clock;
  /** The transport; simulations inject their own. */
  readonly fetch: typeof fetch;
}
