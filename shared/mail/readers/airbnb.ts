import type { PlatformReader } from "./platform-reader.ts";

/** Airbnb: full name and day of arrival in the subject, code in label and links, the year often nowhere. */
export const airbnb: PlatformReader = {
  platform: "airbnb",
  code: /\bHM[A-Z0-9]{8}\b/,
  subjects: [
    /\b(?<code>HM[A-Z0-9]{8})\b/,
    /(?:^|[-–—:!]\s+)(?<name>(?:(?!\s[-–—]\s|[:!]\s).){2,60}?)\s+(?:arrives|is arriving|kommt am|reist am|arrive le|arrivera le|llega el|llegará el|arriva il|arriverà il|arriva|komt aan op|arriveert op|komt op|chega (?:em|no dia|dia))\s+(?<dates>.+)$/iu,
    /(?<name>^[^:–—-]{2,40}?) (?:wants to change|would like to change|möchte|souhaite modifier|quiere (?:hacer|modificar|cambiar)|vuole modificare|wil )/iu,
    /(?:reservation|buchung|réservation|reserva|prenotazione|reservering|boeking) (?:HM[A-Z0-9]{8} )?(?:for|für|pour|para|per|voor|\(del|\(du|\()\s*(?:den |vom |du |le |el |del |il |dal |op )?(?<dates>.*\d.*)$/iu,
    /(?:canceled|cancelled|storniert|annulée|cancelada|annullata|cancellata|geannuleerd)\s*:\s*(?<dates>.*\d.*)$/iu,
    /(?:reservation|request|inquiry) (?:request )?(?:for|at) (?<property>.+?)(?:,| for) (?<dates>[^,]*\d.*)$/iu,
    /(?:buchung|anfrage) für (?<property>.+?)(?:,| für) (?<dates>.*\d.*)$/iu,
    /(?:réservation|demande) (?:pour|de|à) (?<property>.+?)(?:,| pour| du) (?<dates>.*\d.*)$/iu,
    /(?:reserva|consulta|solicitud) (?:para|en|de) (?<property>.+?)(?:,| para) (?<dates>.*\d.*)$/iu,
    /(?:review for|reservation reminder:|how was|request from) (?<name>.+?)(?: arrives.*|['’]s stay.*| was .*|[!?]|$)/iu,
    /^(?<name>[^:–—-]{2,40}?) (?:left (?:you )?a|wrote you a|rated)/iu,
  ],
  links: [
    /\/(?:reservations?\/details|reservation\/itinerary|reservations?\/(?:cancell?ed|confirmed))\/?(?:\?(?:confirmationC|c)ode=)?(?<code>HM[A-Z0-9]{8})\b/,
    /[?&](?:confirmation_?c|c)ode=(?<code>HM[A-Z0-9]{8})\b/i,
  ],
  belowProperty:
    /^(?:entire (?:home|home\/apt|rental unit|apartment|place|villa|condo|cabin|guest ?house|guest suite|cottage|townhouse|loft)|private room|shared room|hotel room|room|gesamte unterkunft|ganze unterkunft|privatzimmer|gemeinsames zimmer|logement entier|chambre privee|chambre partagee|alojamiento entero|habitacion privada|intero alloggio|alloggio intero|stanza privata|gehele woning|hele woning|privekamer|espaco inteiro|listing #\d+|inserat nr\.? ?\d+|annonce n°? ?\d+|anuncio n\.?º? ?\d+|annuncio n\.? ?\d+)(?: (?:hosted by|-|·) .*)?$/,
};
