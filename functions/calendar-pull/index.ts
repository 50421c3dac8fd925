import { defineSubscriber } from "../../shared/cloud/subscriber.ts";
import { pullCalendar } from "../../shared/flows/pull-calendar.ts";
import { CalendarTouched } from "../../shared/topics/calendar-touched.ts";

/** Lists what changed on one calendar and tells it, then saves the cursor (law 8). */
defineSubscriber({ name: "calendar-pull", schema: CalendarTouched, handle: pullCalendar });
