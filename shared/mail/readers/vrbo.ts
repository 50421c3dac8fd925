import type { PlatformReader } from "./platform-reader.ts";

/** Vrbo and its sisters (HomeAway, FeWo-direkt, Abritel, Stayz): guest, dates and property's number in the subject. */
export const vrbo: PlatformReader = {
  platform: "vrbo",
  code: /\bHA-[A-Z0-9]{5,8}\b/,
  subjects: [
    /\b(?<code>HA-[A-Z0-9]{5,8})\b/,
    /(?:booking|reservation|inquiry|enquiry|request|buchung|sofortbuchung|anfrage|réservation instantanée|nouvelle réservation|demande|reserva inmediata|nueva reserva|consulta|nuova prenotazione|richiesta|nieuwe boeking|aanvraag) (?:request )?(?:from|von|de la part de|de|da|van) (?<name>[^:]+?)(?=\s*:|\s+[-–(]|,|$)/iu,
    /:\s*(?<dates>[^:]*\d[^:]*?)(?:\s[-–]\s(?:vrbo|homeaway|fewo|abritel|stayz)|$)/iu,
    /(?:vrbo|homeaway|abritel|stayz|fewo-direkt)\D{0,6}#?(?<property>\d{5,9})\b/iu,
    /(?:property|objekt|logement|propiedad) #?(?<property>\d{5,9})\b/iu,
  ],
  links: [],
  belowProperty: null,
};
