import type { PlatformReader } from "./platform-reader.ts";

/** Booking.com: number and day of arrival in brackets in the subject; guest and departure often only in the extranet. */
export const booking: PlatformReader = {
  platform: "booking",
  code: /(?<![\d+])\d{10}(?!\d)/,
  subjects: [
    /\((?<code>\d{8,11})\s*,\s*(?<dates>[^)]+)\)/,
    /(?<![\d+])(?<code>\d{10})(?!\d)/,
    /(?:message from|nachricht von|message de|mensaje de|messaggio da|bericht van) (?<name>[^:–—(-]+)$/iu,
  ],
  links: [/[?&]res_id=(?<code>\d{8,11})\b/],
  belowProperty: null,
  belowGuest: null,
  guestsAreGroups: false,
};
