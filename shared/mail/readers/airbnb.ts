import type { PlatformReader } from "./platform-reader.ts";

/** Airbnb: full name and day of arrival in the subject, code in label and links, the year often nowhere. */
export const airbnb: PlatformReader = {
  platform: "airbnb",
  code: /\bHM[A-Z0-9]{8}\b/,
  subjects: [
    /\b(?<code>HM[A-Z0-9]{8})\b/,
    /(?<name>^[^:–—-]{2,40}?) (?:wants to change|would like to change|möchte|souhaite modifier|quiere (?:hacer|modificar|cambiar)|vuole modificare|wil )/iu,
    /(?:reservation|buchung|réservation|reserva|prenotazione|reservering|boeking) (?:HM[A-Z0-9]{8} )?(?:for|für|pour|para|per|voor|\(del|\(du|\()\s*(?:den |vom |du |le |el |del |il |dal |op )?(?<dates>.*\d.*)$/iu,
    /(?:canceled|cancelled|storniert|annulée|cancelada|annullata|cancellata|geannuleerd)\s*:\s*(?<dates>.*\d.*)$/iu,
    /(?:reservation|request|inquiry) (?:request )?(?:for|at) (?<property>.+?)(?:,| for) (?<dates>[^,]*\d.*)$/iu,
    /(?:buchung|anfrage) für (?<property>.+?)(?:,| für) (?<dates>.*\d.*)$/iu,
    /(?:réservation|demande) (?:pour|à|(?<!demande de réservation )de) (?!réservation)(?<property>.+?)(?:,| pour| du) (?<dates>.*\d.*)$/iu,
    /(?:reserva|consulta|solicitud) (?:para|en|de) (?<property>.+?)(?:,| para) (?<dates>.*\d.*)$/iu,
    /(?:review for|reservation reminder:|how was|request from) (?<name>.+?)(?: arrives.*| is (?:coming|arriving).*|['’]s stay.*| was .*|[!?]|$)/iu,
    /^(?<name>[^:–—-]{2,40}?) (?:left (?:you )?a|wrote you a|rated)/iu,
  ],
  links: [
    /\/(?:reservations?\/details|reservation\/itinerary|reservations?\/(?:cancell?ed|confirmed))\/?(?:\?(?:confirmationC|c)ode=)?(?<code>HM[A-Z0-9]{8})\b/,
    /[?&](?:confirmation_?c|c)ode=(?<code>HM[A-Z0-9]{8})\b/i,
  ],
  belowProperty:
    /^(?:entire|gesamte[rs]?|ganze[rs]?|gehele|hele|intero|intera) \S.{0,60}$|^(?:private|shared|hotel) room\b|^(?:privatzimmer|gemeinsames zimmer|hotelzimmer|chambre (?:privee|partagee|d'hotel)|habitacion (?:privada|compartida)|stanza (?:privata|condivisa)|privekamer|gedeelde kamer|quarto (?:inteiro|privado))\b|^\S.{0,40} (?:entero|entera|entier|entiere|intero|intera|inteiro|inteira)$|^(?:listing|inserat|annonce|anuncio|annuncio|advertentie) (?:#|nr\.? ?|n[.°]?o?[.°]? ?|no\.? ?)?\d{5,}/,
  belowGuest:
    /^(?:identity verified|identitat verifiziert|identite verifiee|identidad verificada|identita verificata|identiteit geverifieerd|identidade verificada)\b|^(?:joined|member since|mitglied seit|membre depuis|miembro desde|membro dal|lid sinds)\b/,
  guestsAreGroups: false,
};
