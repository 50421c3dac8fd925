import type { PlatformReader } from "./platform-reader.ts";

/** Online Scout Manager: the booking's number behind a `#`, the group behind a dash. */
export const osm: PlatformReader = {
  platform: "osm",
  code: null,
  subjects: [/#\s?(?<code>\d{3,9})\b/],
  links: [/campsite_bookings?\/(?<code>\d{3,9})\b/],
  belowProperty: null,
  belowGuest: null,
  guestsAreGroups: true,
};
