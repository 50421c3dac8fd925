import type { PlatformReader } from "./platform-reader.ts";

/** A let's own mails, of nobody's template: a code behind the word for a booking, all else in labels. */
export const direct: PlatformReader = {
  platform: null,
  code: null,
  subjects: [
    /(?:booking|reservation|confirmation|buchung|reservierung|buchungsbestätigung|réservation|reserva|prenotazione|boeking|reservering|bevestiging)\s+(?:confirmed\s+|confirmada\s+|confirmation\s+|bestätigt\s+|(?:nr|no|n|ref|number|nummer|numero|número)[.°º]*:?\s*)?[#(]?(?<code>(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,19})(?![\w-]|\.\d|\/)/iu,
  ],
  links: [],
  belowProperty: null,
  belowGuest: null,
  guestsAreGroups: false,
};
