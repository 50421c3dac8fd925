import type { CalendarProvider } from "../../ports/provider.ts";
import { openClient } from "./client.ts";
import { openReader } from "./read.ts";
import { Settings } from "./schema.ts";
import { openWatcher } from "./watch.ts";
import { openWriter } from "./write.ts";

/** Google Calendar, API v3. */
export const googleCalendar: CalendarProvider<typeof Settings> = {
  kind: "calendar",
  name: "google-calendar",
  label: "GCAL",
  root: { url: "https://www.googleapis.com", variable: "GOOGLE_API_ROOT" },
  settings: Settings,
  connect(connection) {
    const client = openClient(connection);
    return {
      ...openReader(client, connection.timeZone),
      ...openWriter(client, connection.timeZone),
      ...openWatcher(client),
    };
  },
};
