const BOOKING =
  "(?:booking|reservation|inquiry|enquiry|request|buchung|sofortbuchung|anfrage|nouvelle réservation|réservation instantanée|réservation confirmée|demande de réservation|nueva reserva|reserva inmediata|reserva confirmada|solicitud|nuova prenotazione|prenotazione confermata|richiesta|nieuwe boeking|nieuwe reservering|boeking|reservering|aanvraag)";
const ARRIVES =
  "(?:arrives(?: on)?|is arriving(?: on)?|kommt am|reist am|arrive le|arrivera le|llega el|llegará el|arriva il|arriverà il|arriva|komt aan op|arriveert op|komt op|chega (?:em|no dia|dia))";

/** What subjects of every platform may say, tried after the platform's own patterns. */
export const ANY_SUBJECT: readonly RegExp[] = [
  // Reservation confirmed - Rosie Bomer arrives Feb 23
  new RegExp(`(?:^|[-–—:!]\\s+)(?<name>(?:(?!\\s[-–—]\\s|[:!]\\s).){2,60}?)\\s+${ARRIVES}\\s+(?<dates>.*\\d.*)$`, "iu"),
  // Instant Booking from Rosie Bomer: Feb 23 - 26
  new RegExp(
    `${BOOKING} (?:request )?(?:from|by|von|de la part de|de|da|di|van) (?<name>[^:(]+?)(?=\\s*:|\\s+[-–(]|,| (?:du|vom|del|dal|van|am|from) \\d| for | für | pour | para | per | voor |$)`,
    "iu",
  ),
];
