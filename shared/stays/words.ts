/*
 * How hosts, portals and channel managers call things, in the languages they write in. All in plain words: small
 * letters, no accents (`plain-words.ts`). Each list is one alternation of a regular expression.
 */

/** Says that nobody may book: no guest stands behind it (S53). Understood anywhere in a title. */
export const BLOCKED = alternatives(
  ...[
    "not available",
    "unavailable",
    "no availability",
    "not bookable",
    "do not book",
    "block(?:ed|ing)?",
    "blocked dates?",
  ],
  ...["closed", "closed period", "close-?out", "closure", "stop ?sell", "out of (?:order|service|use)", "off ?market"],
  ...["maintenance", "renovations?", "repairs?", "cleaning", "housekeeping", "deep clean"],
  ...[
    "prep(?:aration)?(?: time| days?| block)?",
    "turn ?over(?: days?)?",
    "buffer(?: days?| time)?",
    "gap (?:night|day)s?",
  ],
  ...["advance notice", "minimum notice", "booking window", "availability window", "same ?day notice"],
  ...[
    "owners?(?:'s?)? (?:stay|use|block|hold|time|visit|reservation|booking|occupied|week)s?",
    "owner",
    "personal use",
    "own use",
  ],
  ...["hold", "on hold", "manual block", "imported block", "calendar block"],
  ...[
    "nicht verfugbar",
    "nicht buchbar",
    "nicht vermietbar",
    "blockiert",
    "blockierung",
    "geblockt",
    "gesperrt",
    "sperr(?:zeit|ung|e)",
  ],
  ...[
    "geschlossen",
    "eigen(?:belegung|nutzung|bedarf|nutzer)",
    "eigentumer",
    "wartung",
    "renovierung",
    "reinigung",
    "vorbereitungszeit",
  ],
  ...["puffer(?:tag|zeit)?e?", "betriebsferien", "urlaub(?:ssperre)?"],
  ...[
    "indisponibles?",
    "non disponibles?",
    "pas disponible",
    "bloquee?s?",
    "blocage",
    "fermee?s?",
    "fermeture",
    "entretien",
    "menage",
  ],
  ...["nettoyage", "travaux", "proprietaire", "usage personnel", "temps de preparation"],
  ...[
    "no disponibles?",
    "indisponivel",
    "nao disponivel",
    "bloquead[oa]s?",
    "bloqueio",
    "bloqueo",
    "cerrad[oa]s?",
    "fechad[oa]s?",
    "mantenimiento",
  ],
  ...["manutencao", "limpieza", "limpeza", "propietari[oa]", "uso personal", "tiempo de preparacion"],
  ...[
    "non disponibil[ei]",
    "indisponibil[ei]",
    "bloccat[oa]",
    "blocco",
    "chius[oa]",
    "chiusura",
    "manutenzione",
    "pulizi[ae]",
    "proprietario",
  ],
  ...[
    "niet beschikbaar",
    "onbeschikbaar",
    "geblokkeerd",
    "gesloten",
    "onderhoud",
    "schoonmaak",
    "eigenaar",
    "eigen gebruik",
  ],
  ...[
    "ikke (?:til|ti)lgjengelig",
    "ikke (?:ledig|tilgaengelig)",
    "blokkert",
    "blokeret",
    "blockerad",
    "ej tillganglig",
    "stengt",
    "lukket",
    "stangd?t?",
  ],
  ...[
    "niedostepn[ey]",
    "zablokowan[eya]",
    "zamkniet[eya]",
    "nedostupne",
    "blokovano",
    "nem elerheto",
    "lefoglalva",
    "zarva",
    "kapali",
    "musait degil",
  ],
);

/** Says that the home's own people are there. Understood anywhere in a title, whatever number stands beside it. */
export const OWNER = alternatives(
  ...[
    "owners?",
    "personal use",
    "own use",
    "eigen(?:belegung|nutzung|bedarf)",
    "eigentumer",
    "proprietaire",
    "usage personnel",
  ],
  ...["propietari[oa]", "proprietario", "uso personal", "uso personale", "eigenaar", "eigen gebruik"],
);

/** Says that somebody did book. Understood at the beginning of a title. */
export const RESERVED = alternatives(
  ...[
    "reserved",
    "reservation",
    "booked",
    "booking",
    "guest booking",
    "confirmed(?: booking| reservation)?",
    "guest stay",
    "new booking",
  ],
  ...["reserviert", "reservierung", "gebucht", "buchung", "bestatigt"],
  ...["reservee?s?", "reserve", "location", "confirmee?"],
  ...["reservad[oa]s?", "reserva", "confirmad[oa]"],
  ...["prenotat[oa]", "prenotazione", "riservat[oa]", "confermat[oa]"],
  ...["gereserveerd", "reservering", "geboekt", "boeking", "bevestigd"],
  ...["reservert", "reserveret", "reservasjon", "reservation", "bokad", "bokning", "booket", "varattu"],
  ...[
    "rezerwacja",
    "zarezerwowan[eya]",
    "rezervace",
    "rezervovano",
    "rezervirano",
    "foglalas",
    "rezervasyon",
    "rezerve",
  ],
);

/** Says that somebody is there, not who nor whether they booked. The whole title. */
export const TAKEN = alternatives(
  ...[
    "busy",
    "occupied",
    "taken",
    "n/?a",
    "belegt",
    "besetzt",
    "occupee?",
    "ocupad[oa]",
    "occupat[oa]",
    "bezet",
    "opptatt",
    "optaget",
    "upptagen",
  ],
  ...["sold out", "fully booked", "full", "ausgebucht", "complet[oa]?", "agotado", "esgotado", "volgeboekt", "vol"],
  ...["zajete", "obsazeno", "dolu", "tentative", "option", "pending", "request(?:ed)?", "reservation request"],
);

/** Says that it will not take place after all. At the beginning of a title. */
export const CANCELLED = alternatives(
  ...[
    "cancell?ed",
    "cancellation",
    "storniert",
    "stornierung",
    "annulee?",
    "annulation",
    "cancelad[oa]",
    "cancelacion",
    "cancelamento",
  ],
  ...[
    "annullat[oa]",
    "cancellat[oa]",
    "cancellazione",
    "geannuleerd",
    "annulering",
    "avbestilt",
    "avlyst",
    "annulleret",
    "avbokad",
    "anulowan[eya]",
  ],
);

/** One day of a stay that a host lists beside the stay itself. At the beginning of a title. */
export const ARRIVAL = alternatives(
  ...[
    "check-?\\s?in",
    "arrival",
    "arriving",
    "arrives",
    "anreise",
    "ankunft",
    "arrivee",
    "llegada",
    "entrada",
    "chegada",
    "arrivo",
    "aankomst",
    "ankomst",
  ],
);
export const DEPARTURE = alternatives(
  ...[
    "check-?\\s?out",
    "departure",
    "departing",
    "departs",
    "abreise",
    "depart",
    "salida",
    "saida",
    "partenza",
    "vertrek",
    "avreise",
    "afrejse",
    "avresa",
  ],
);

/** Stands where a name would stand and is none. The whole text. */
export const NO_NAME = alternatives(
  ...[
    "guests?",
    "a guest",
    "unknown",
    "unknown guest",
    "private",
    "hidden",
    "anonymous",
    "n/?a",
    "none",
    "null",
    "undefined",
    "tbd",
    "name",
    "test",
  ],
  ...[
    "gast",
    "gaste",
    "voyageur",
    "client",
    "huesped",
    "hospede",
    "ospite",
    "gaest",
    "not available",
    "not provided",
    "no name",
    "confirmed",
  ],
  ...[
    "direct(?: booking)?",
    "website",
    "manual",
    "offline",
    "owner",
    "admin",
    "ical",
    "calendar",
    "external",
    "channel",
    "other",
  ],
);

function alternatives(...words: readonly string[]): string {
  return `(?:${words.join("|")})`;
}
