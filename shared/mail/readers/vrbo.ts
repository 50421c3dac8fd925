import type { PlatformReader } from "./platform-reader.ts";

/** Vrbo and its sisters (HomeAway, FeWo-direkt, Abritel, Stayz): guest, dates and property's number in the subject. */
export const vrbo: PlatformReader = {
  platform: "vrbo",
  code: /\bHA-[A-Z0-9]{5,8}\b/,
  subjects: [
    /\b(?<code>HA-[A-Z0-9]{5,8})\b/,
    /:\s*(?<dates>[^:]*\d[^:]*?)(?:\s[-–]\s(?:vrbo|homeaway|fewo|abritel|stayz)|$)/iu,
    /(?:vrbo|homeaway|abritel|stayz|fewo-direkt)\D{0,6}#?(?<property>\d{5,9})\b/iu,
    /(?:property|objekt|logement|propiedad) #?\s?(?<property>\d{5,9})\b/iu,
  ],
  links: [],
  belowProperty: null,
  belowGuest: null,
  guestsAreGroups: false,
};
