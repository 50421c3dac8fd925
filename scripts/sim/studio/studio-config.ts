import { Config } from "../../../shared/config.ts";

/** The two-bay golf studio that flows are tried and counted on. */
export const WS = "loft";
export const BAY_1 = "loft-bay-1@sandbox";
export const BAY_2 = "loft-bay-2@sandbox";
export const TIME_ZONE = "Europe/London";

/** The studio's configuration; `policy` goes over the defaults, `resource` over both bays. */
export function studioConfig(words: {
  readonly policy?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
}): Config {
  const { policy = {}, resource = {} } = words;
  const bay = (number: 1 | 2, calendar: string) => ({
    source: "uschedule",
    sourceName: `Bay ${number}`,
    calendar,
    timeZone: TIME_ZONE,
    properties: { bay: String(number) },
    ...resource,
  });
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { uschedule: { provider: "uschedule", settings: {} } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: { "bay-1": bay(1, BAY_1), "bay-2": bay(2, BAY_2) },
        policy,
      },
    },
  });
}

/** Two mailboxes of the town hall's rooms. */
export const OUTLOOK_1 = "room-1@sandbox";
export const OUTLOOK_2 = "room-2@sandbox";

/** A town's two rooms, by default on the same two calendars: bookings live in a system that is updated in place. */
export function townConfig(
  policy: Record<string, unknown> = {},
  provider: "google-calendar" | "outlook" = "google-calendar",
): Config {
  const [first, second] = provider === "outlook" ? [OUTLOOK_1, OUTLOOK_2] : [BAY_1, BAY_2];
  const room = (number: 1 | 2, calendar: string) => ({
    source: "booking",
    sourceName: `room-${number}`,
    calendar,
    timeZone: "Europe/Oslo",
    title: "{title}",
    properties: { room: String(number) },
  });
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { booking: { provider: "booking-api", settings: {} } },
        calendars: { rooms: { provider, settings: {} } },
        resources: { "room-1": room(1, first), "room-2": room(2, second) },
        marker: { bookingId: "bookingSystemId", managed: "lockstepManaged" },
        policy,
      },
    },
  });
}

/** A campsite's two pitches on the same two calendars: bookings live at Online Scout Manager, which is read-only. */
export function campConfig(policy: Record<string, unknown> = {}): Config {
  const pitch = (number: 1 | 2, calendar: string) => ({
    source: "osm",
    sourceName: String(300 + number),
    calendar,
    timeZone: TIME_ZONE,
    title: "{tentative}{customer}",
    description: "Booking #{id}, {people} people",
  });
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { osm: { provider: "osm", settings: { campsiteId: 1, sectionId: 4242 } } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: { "pitch-1": pitch(1, BAY_1), "pitch-2": pitch(2, BAY_2) },
        marker: { bookingId: "osmBookingId", managed: "lockstepManaged" },
        policy,
      },
    },
  });
}
