import type { PlatformReader } from "./platform-reader.ts";

/** Lodgify and other property managers' systems: all in labels, a number with a letter in the subject. */
export const propertyManagers: PlatformReader = {
  platform: "pms",
  code: null,
  subjects: [
    /#\s?(?<code>[A-Z]{0,3}-?\d{4,12})\b/,
    /(?:new confirmed booking|new booking|new reservation|(?:booking|reservation) (?:confirmed|cancell?ed|declined|changed|updated|modified))\s*[:–-]\s*(?<name>[^:#–(-]{2,50}?)\s*(?=#| arrives|\s[-–(]|,|$)/iu,
    /(?:neue buchung|buchung storniert|stornierung)[^:]*:\s*(?<name>[^:#–(,-]{2,50}?)\s*(?=#|\s[-–(]|,|$)/iu,
  ],
  links: [],
  belowProperty: null,
  belowGuest: null,
  guestsAreGroups: false,
};
