import type { Provider } from "../ports/provider.ts";
import { bookingApi } from "./booking-api/index.ts";
import { gmail } from "./gmail/index.ts";
import { googleCalendar } from "./google-calendar/index.ts";
import { ical } from "./ical/index.ts";
import { osm } from "./osm/index.ts";
import { outlook } from "./outlook/index.ts";
import { portico } from "./portico/index.ts";
import { uschedule } from "./uschedule/index.ts";

/** Every outside system Lockstep can speak to, by the name used in `lockstep.config.yaml`. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  "booking-api": bookingApi,
  gmail,
  "google-calendar": googleCalendar,
  ical,
  osm,
  outlook,
  portico,
  uschedule,
};
