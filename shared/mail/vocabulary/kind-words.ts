import type { MailKind } from "../reading.ts";

/** What a subject or heading says. `cancel`: a stay was cancelled; the other cancellations only speak of it. */
export type Saying =
  | Exclude<MailKind, "cancellation">
  | "cancel"
  | "cancellation-asked"
  | "cancellation-refused"
  | "inquiry-over";

export interface KindWords {
  readonly saying: Saying;
  readonly words: RegExp;
  /** Where these stand too, the words mean something else. */
  readonly unless?: RegExp;
}

const CANCELLED =
  "cancell?ed|cancell?ations?|cancels|storniert\\w*|stornierung|storno|annulee?s?|annulation|cancelad[ao]s?|cancelacion|anulad[ao]|anulacion|annullat[ao]|annullamento|cancellat[ao]|cancellazione|disdett[ao]|geannuleerd|annulering|cancelamento|キャンセル";
const REQUEST =
  "requests?|inquir\\w+|enquir\\w+|pre-?approv\\w+|offer|invitation|anfragen?|\\w*anfrage|vorab\\w*|angebot|demandes?|preapprobation|pre-approbation|solicitud(?:es)?|consulta|preaprobacion|richiest[ae]|preapprovazione|aanvra\\w+|verzoek|\\w*aanvraag|pedido";
const POLICY =
  "free cancellation|cancellation (?:polic|terms|fee|protection|option)|cancel (?:for free|free)|kostenlose stornierung|stornierungsbedingung|annulation gratuite|conditions d'annulation|cancelacion gratuita|politica de cancelacion|cancellazione gratuita|termini di cancellazione|gratis annul|annuleringsvoorwaarden|how to cancel|if you cancel|avoid cancel|stornierungsrichtlinie|stornobedingung|politique d'annulation|condiciones de cancelacion|politica di cancellazione|annuleringsbeleid";
/** What may come, or shall not: nothing of it has happened. */
const NOT_YET =
  "(?:may|might|could|can|cannot|will|would)(?: (?:not|soon|now|also))? be cancell?ed|(?:about|going) to (?:be )?cancel\\w*|(?:if|unless) .{0,40}cancel\\w*|(?:wird|kann|konnte|droht)\\b.{0,30}stornier\\w+|(?:peut|pourrait|sera|risque d')\\b.{0,20}annul\\w+|(?:puede|podria|sera)\\b.{0,20}cancelad[ao]|(?:puo|potrebbe|sara|verra)\\b.{0,20}(?:annull|cancell)\\w+|(?:kan|zou|wordt)\\b.{0,30}geannuleerd";

/** In this order, the first that fits a subject is what it says. All words are folded. */
export const SUBJECT_WORDS: readonly KindWords[] = [
  {
    saying: "payout",
    words:
      /\b(?:payouts?|remittance|auszahlung\w*|versements?|virement|cobro|te (?:hemos )?enviamos|pago (?:de |enviado|emitido|en camino|realizado)|hemos enviado (?:un |tu )?pago|pagamento (?:inviato|emesso|di )|accredito|compenso|uitbetaling\w*|repasse|payment (?:was |has been |is )?(?:sent|on (?:its|the) way)|sent you (?:a |your )?payment|you got paid|you've been paid|earnings (?:summary|report|statement))\b/,
  },
  {
    saying: "other",
    words:
      /\b(?:invoice|rechnung|facture|factura|fattura|factuur|receipt|statement|quittung|verification code|password|passwort|mot de passe|contrasena|sign-?in|log-?in|newsletter|webinar|survey|tips|boost|commission|tax (?:form|document)s?|terms of service|security alert|new device|reimbursement|damage claim|aircover|resolution cent(?:er|re)|polic(?:y|ies)|\w*richtlinien?|politique|politica|beleid|more bookings|get booked|terms and conditions)\b|payment (?:received|confirmation|reminder|failed)|zahlung(?:seingang| erhalten)|paiement recu|pago recibido|pagamento ricevuto|betaling ontvangen/,
    unless: /\b(?:reservation|booking) confirmed - |new booking!|neue buchung|statement of stay/,
  },
  {
    saying: "review-request",
    words:
      /\b(?:reviews?|reviewed|bewertung\w*|bewerte\w*|avis|evaluez|commentaire|evaluation|evalua|evaluacion|resena|opinion|valoracion|recension\w*|valutazione|valuta|beoordel\w*|star rating|rated|avaliacao|avalie)\b|\bhow was\b|\bstars?!/,
    unless: /review (?:your|the|this|and|these) (?:booking|reservation|details|request|trip)|a votre avis/,
  },
  {
    saying: "alteration",
    words:
      /\bpartial(?:ly)? cancel|teilstorn|annulation partielle|cancelacion parcial|cancellazione parziale|gedeeltelijk\w* (?:geannuleerd|annulering)|\b(?:alteration|change|modification) requests?\b|\banderungsanfrage|demande de modification|solicitud de (?:cambio|modificacion)|richiesta di modifica|wijzigingsverzoek/,
  },
  {
    saying: "cancellation-asked",
    words: new RegExp(`\\b(?:${NOT_YET})`),
  },
  {
    saying: "cancellation-refused",
    words:
      /\b(?:reinstated|reactivated|wiederhergestellt|reaktiviert|retablie|reactivee|reactivada|restablecida|ripristinata|riattivata|hersteld)\b|(?:cancell?ation request|request to cancel|stornierungsanfrage|demande d'annulation|solicitud de cancelacion|richiesta di cancellazione|annuleringsverzoek)\b.*\b(?:declined|denied|rejected|refused|withdrawn|expired|abgelehnt|refusee|rechazada|rifiutata|afgewezen)|\bnot (?:been )?cancell?ed\b|nicht storniert|pas (?:ete )?annulee?|no (?:ha sido|fue) cancelad|non (?:e stata )?(?:cancellata|annullata)|niet geannuleerd/,
  },
  {
    saying: "cancellation-asked",
    words:
      /\b(?:cancell?ation request|request(?:s|ed)? (?:a |to |for )?cancel(?!l?ed)\w*|(?:wants?|would like|asks?|asked|wishes) to cancel|stornierungsanfrage|mochte \w* ?(?:\w+ )?stornieren|demande d'annulation|(?:souhaite|demande a|veut) annuler|solicitud de cancelacion|quiere cancelar|solicita cancelar|richiesta di (?:cancellazione|annullamento)|(?:vuole|vorrebbe) (?:cancellare|annullare)|annuleringsverzoek|wil \w* ?(?:\w+ )?annuleren)\b/,
  },
  {
    saying: "other",
    words:
      /\b(?:not|cannot|couldn't|wasn't|isn't)\b(?: [a-z]+){0,3} confirmed\b|\bnicht\b(?: [a-z]+){0,2} bestatigt|\bpas\b(?: [a-z]+){0,2} confirmee?\b|\bno\b(?: [a-z]+){0,2} confirmad[ao]|\bnon\b(?: [a-z]+){0,2} confermat[ao]|\bniet\b(?: [a-z]+){0,2} bevestigd|\b(?:deposit|payment|kaution|zahlung|caution|acompte|deposito|pago|cauzione|borg|betaling|late check-?(?:in|out)|early check-?(?:in|out)|check-?(?:in|out)(?: time)?|cleaning|turnover|reinigung|menage|limpieza|pulizie?|schoonmaak|parking|transfer|address|identity|account|email|phone(?: number)?|insurance)\b (?:\w+ )?(?:is |was |has been )?(?:confirmed|bestatigt|confirmee?|confirmad[ao]|confermat[ao]|bevestigd)\b|^(?:new )?(?:task|cleaning|turnover|housekeeping)\b/,
  },
  {
    saying: "confirmation",
    words:
      /\b(?:request|anfrage|\w*anfrage|demande|solicitud|richiesta|aanvraag)\b.{0,40}\b(?:accepted|confirmed|akzeptiert|angenommen|bestatigt|acceptee|confirmee|aceptada|confirmada|accettata|confermata|geaccepteerd|bevestigd)\b/,
    unless: /change|alter|modif|cambio|ander|wijzig|cancel|storn|annul|pre-?approv|not yet/,
  },
  {
    saying: "inquiry-over",
    words: new RegExp(
      `(?:\\b(?:${REQUEST})\\b.*\\b(?:${CANCELLED}|expired?|expires|declined|denied|rejected|withdrawn|withdrew|abgelaufen|abgelehnt|zuruckgezogen|expiree?|refusee?|retiree?|expirad[ao]|rechazad[ao]|retirad[ao]|scadut[ao]|rifiutat[ao]|ritirat[ao]|verlopen|afgewezen|ingetrokken)\\b)|(?:\\b(?:booking|reservation|buchung|reserva|prenotazione|boeking|reservering) (?:was |has been |wurde |a ete )?(?:declined|rejected|expired|abgelehnt|abgelaufen|refusee|rechazada|rifiutata|afgewezen|verlopen)\\b)|(?:\\b(?:${CANCELLED}|expired|declined|withdrawn|abgelaufen|abgelehnt|expiree|refusee|verlopen)\\b.*\\b(?:reservation|booking|buchungs?|reservierungs?|trip)?[ -]?(?:${REQUEST})\\b)`,
    ),
  },
  { saying: "cancel", words: new RegExp(`\\b(?:${CANCELLED})`), unless: new RegExp(POLICY) },
  {
    saying: "alteration",
    words:
      /\b(?:updated?|changed?|changes|wants to change|alter\w*|modif\w+|amend\w*|reschedul\w+|geandert\w*|anderung\w*|\w*anderung|umgebucht|umbuchung|andern|cambio|cambios|cambiar|cambiad[ao]|gewijzigd\w*|wijzig\w*|\w*wijziging|alterad[ao]|alteracao|extended|shortened)\b/,
    unless: /update your (?:calendar|listing|app|payment)|updates? to (?:our|the) terms|changes to our/,
  },
  {
    saying: "reminder",
    words:
      /\b(?:reminder|erinnerung|rappel|recordatorio|promemoria|herinnering|lembrete|upcoming|starts? (?:soon|tomorrow|today|in \d+)|arrives? (?:tomorrow|today|soon|in \d+)|arriving (?:soon|tomorrow|today|in)|kommt (?:morgen|heute|bald)|reist morgen|arrive (?:demain|aujourd'hui|bientot)|llega (?:manana|hoy|pronto)|arriva (?:domani|oggi|presto)|komt (?:morgen|vandaag|binnenkort)|get ready for|prepare for|checks? (?:in|out) (?:tomorrow|today)|check-?(?:in|out) (?:is )?(?:tomorrow|today))\b/,
  },
  {
    saying: "guest-message",
    words:
      /\b(?:messages?|sent you|question|questions|nachricht\w*|frage|fragen|mensajes?|pregunta|messaggi?o?|domanda|bericht\w*|vraag|mensagem|pergunta|has replied|replied|replies|wrote to you|wrote you|hat (?:dir|ihnen) geschrieben|vous a ecrit|te ha escrito|ti ha scritto|antwort|reponse|respuesta|risposta|antwoord|special request|query)\b/,
  },
  {
    saying: "inquiry",
    words: new RegExp(
      `\\b(?:${REQUEST}|accept or decline|pending|awaiting|ausstehend\\w*|en attente|pendiente|in attesa|in afwachting|tentative|provisional|vorlaufige?r?|provisoire|provvisori[ao]|voorlopige?|provisori[ao]|quote|devis|presupuesto|preventivo|offerte|respond to|interested in)\\b`,
    ),
  },
  {
    saying: "confirmation",
    words:
      /\b(?:(?:reservation|booking|stay|trip)s?\b.{0,60}\bconfirmed|confirmed\b.{0,25}\b(?:reservation|booking|stay)|new\b.{0,25}\b(?:booking|reservation)|confirmation\b.{0,25}\b(?:booking|reservation|stay)|(?:booking|reservation)\b.{0,12}\bconfirmation|instant book(?:ing|ed)?|you(?: have| got|'ve|'ve got| have got) a (?:new )?(?:booking|reservation)|you're (?:booked|going)|has booked|just booked|booked (?:your|a stay)|buchungsbestatigung|reservierungsbestatigung|(?:buchung|reservierung|aufenthalt)\b.{0,60}\bbestatigt|bestatigung\b.{0,20}\b(?:buchung|reservierung)|neue\b.{0,15}\b(?:buchung|reservierung)|sofortbuchung|hat (?:\S+ )?gebucht|reservation\b.{0,60}\bconfirmee|nouvelle\b.{0,15}\breservation|confirmation (?:de |d'une )?(?:la |votre |ta )?(?:reservation|sejour)|reservation instantanee|a reserve|reserva\b.{0,60}\bconfirmada|nueva\b.{0,15}\breserva|confirmacion (?:de )?(?:la |tu |su )?reserva|reserva inmediata|ha reservado|prenotazione\b.{0,60}\bconfermata|nuova\b.{0,15}\bprenotazione|conferma (?:di |della )?(?:tua |sua )?prenotazione|prenotazione immediata|ha prenotato|(?:reservering|boeking)\b.{0,60}\bbevestigd|nieuwe\b.{0,15}\b(?:boeking|reservering)|bevestiging (?:van )?(?:de |je |uw )?(?:boeking|reservering)|(?:boekings|reserverings)bevestiging|heeft geboekt|(?:reservation|booking|buchung|reserva|prenotazione|boeking|reservering)\b.{0,80} (?:arrives|kommt am|arrive le|llega el|arriva il|arrivera il|komt aan op)|nova\b.{0,15}\breserva|confirmacao (?:da )?reserva|reserva instantanea)\b|予約確定|예약 확정/,
  },
];

/** Sentences that say so in the text itself. Tried against single sentences; the first that fits any counts. */
export const TEXT_WORDS: readonly KindWords[] = [
  {
    saying: "cancellation-refused",
    words:
      /\b(?:reinstated|reactivated)\b|cancell?ation .{0,60}\b(?:reversed|undone|withdrawn)|cancell?ed by mistake|wurde wiederhergestellt|a ete retablie|ha sido (?:reactivada|restablecida)|e stata ripristinata|is hersteld|\b(?:has|was|is|have) not been cancell?ed|not cancell?ed|cancell?ation request (?:was|has been) (?:declined|denied|rejected)|wurde nicht storniert|n'a pas ete annulee?|no (?:ha sido|se ha|fue) cancelad[ao]|non e stata (?:cancellata|annullata)|is niet geannuleerd/,
  },
  {
    saying: "cancellation-asked",
    words:
      /\b(?:wants|would like|has asked|asks|wishes|has requested) to cancel|approve the cancell?ation|mochte (?:\w+ ){0,4}stornieren|souhaite annuler|quiere cancelar|vuole (?:cancellare|annullare)|wil (?:\w+ ){0,3}annuleren/,
  },
  {
    saying: "inquiry-over",
    words:
      /\b(?:request|inquiry|anfrage|demande|solicitud|richiesta|aanvraag)\b.{0,40}\b(?:was|has been|is|wurde|a ete|ha sido|e stata|is)\b.{0,12}\b(?:cancell?ed|expired|declined|withdrawn|abgelehnt|storniert|zuruckgezogen|expiree|refusee|annulee|cancelada|rechazada|annullata|rifiutata|scaduta|geannuleerd|afgewezen|verlopen)|withdrew the (?:reservation |booking )?request/,
  },
  {
    saying: "cancel",
    words:
      /\b(?:reservation|booking|stay|trip)\b.{0,80}\b(?:has been|have been|was|were|is|is now|got) (?:now )?cancell?ed|\b(?:reservation|booking) cancell?ed\b|\bhad to cancel\b|\bhas cancell?ed (?:their|the|this|his|her)\b|\byou cancell?ed (?:this|the|a) (?:reservation|booking)|cancell?ation (?:of|for) (?:your |the )?(?:reservation|booking)|\b(?:buchung|reservierung)\b.{0,80}\b(?:wurde|ist|stornieren musste)\b.{0,20}(?:storniert)?\b(?:storniert|stornieren musste|stornieren)|\b(?:buchung|reservierung) storniert|stornierte buchung|\breservation\b.{0,80}\b(?:a ete|est) annulee|reservation annulee|\ba du annuler\b|\ba annule (?:sa|la|cette)\b|\breserva\b.{0,80}\b(?:ha sido|fue|esta) cancelada|reserva cancelada|\btuvo que cancelar\b|\bha cancelado (?:su|la)\b|\bprenotazione\b.{0,80}\b(?:e stata|e) (?:cancellata|annullata)|prenotazione (?:cancellata|annullata)|\bha dovuto (?:cancellare|annullare)\b|\bha (?:cancellato|annullato) (?:la|questa|il)\b|\b(?:boeking|reservering)\b.{0,80}\b(?:is|werd) geannuleerd|(?:boeking|reservering) geannuleerd|\bheeft (?:de|deze|zijn|haar) (?:boeking|reservering) geannuleerd|\b(?:reservering|boeking)\b.{0,60}\bmoest(?:en)? annuleren|\bmoest (?:\w+ ){0,6}annuleren|status:? (?:is )?(?:cancell?ed|storniert|annulee?|cancelad[ao]|annullata|geannuleerd)/,
    unless:
      /\b(?:after that|without a refund|danach|apres cela|despues|dopo|daarna|if|when|once|unless|until|should|may|might|could|can|cannot|would|before|after you|policy|polic(?:y|ies)|penalt\w+|wenn|falls|sofern|konnen|bis zum|si vous|si tu|si l|peut|pouvez|jusqu|si cancel\w*|si tu huesped|puede\w*|hasta|se cancell\w*|se annull\w*|puo|fino a|als je|als u|indien|kan|kunt|tot|our|my|i|unser\w*|mein\w*|notre|nos|mon|ma|nuestr\w+|mi|nostr\w+|mio|mia|onze|ons|mijn)\b/,
  },
  {
    saying: "inquiry",
    words:
      /respond to (?:this|the|\S+) (?:inquiry|enquiry|request)|accept or decline|sent you an? (?:inquiry|enquiry|booking request|request)|would like to (?:book|stay|reserve)|wants to (?:book|stay)|request (?:details|expires)|before (?:the|this) request expires|reservation request|booking request|is asking about|buchungsanfrage|mochte (?:\w+ ){0,4}buchen|anfrage (?:beantworten|annehmen|ablehnen)|demande de reservation|souhaite reserver|accepte[rz] ou refuse[rz]|solicitud de reserva|quiere reservar|acepta(?:r)? o rechaza|richiesta di prenotazione|vorrebbe prenotare|accetta(?:re)? o rifiuta|boekingsaanvraag|reserveringsaanvraag|wil (?:graag )?(?:\w+ ){0,3}boeken|accepteer of weiger|pre-?approve|vorab genehmigen|preapprouver|pre-?approuver|preaprobar|preapprova(?:re)?|vooraf goedkeuren|provisional booking|awaits? your (?:confirmation|approval|answer|decision)|awaiting your (?:confirmation|approval)|(?:needs|requires) your (?:approval|confirmation)|wartet auf (?:ihre|deine) (?:bestatigung|zusage)|en attente de votre (?:confirmation|approbation)|pendiente de (?:tu|su) confirmacion|in attesa (?:della tua|della sua|di) conferma|wacht op (?:je|uw) (?:bevestiging|goedkeuring)/,
  },
  {
    saying: "alteration",
    words:
      /wants to change (?:their|the|his|her)|(?:reservation|booking)\b.{0,40}\b(?:has been|was|is) (?:updated|changed|modified|altered|amended)|agreed to change|changed (?:this|their|the) (?:booking|reservation)|(?:buchung|reservierung)\b.{0,40}\b(?:wurde|ist) (?:geandert|aktualisiert)|mochte (?:\w+ ){0,4}andern|reservation\b.{0,40}\b(?:a ete) (?:modifiee|mise a jour)|souhaite modifier|reserva\b.{0,40}\b(?:ha sido|fue) (?:modificada|actualizada)|quiere (?:hacer un cambio|modificar|cambiar)|prenotazione\b.{0,40}\b(?:e stata) (?:modificata|aggiornata)|vuole modificare|(?:boeking|reservering)\b.{0,40}\b(?:is) (?:gewijzigd|bijgewerkt)|wil (?:\w+ ){0,3}wijzigen/,
  },
  {
    saying: "guest-message",
    words:
      /has replied to your message|sent you a (?:new )?message|new message from|message from \S+|\bwrote:$|replied to you|nachricht von|hat (?:dir|ihnen) eine nachricht|nouveau message|vous a envoye un message|nuevo mensaje|te ha enviado un mensaje|nuovo messaggio|ti ha inviato un messaggio|nieuw bericht|heeft (?:je|u) een bericht/,
  },
  {
    saying: "payout",
    words:
      /payout (?:of|was|has)|we(?:'ve| have)? (?:sent|issued) (?:you )?a payout|auszahlung (?:von|uber|wurde)|versement de|uitbetaling van/,
  },
  {
    saying: "review-request",
    words:
      /(?:write|leave) a review|days to (?:write|leave) a review|how was .{1,40} stay|bewertung (?:schreiben|abgeben)|laisse[rz] un (?:commentaire|avis)|deja una (?:evaluacion|resena)|scrivi una recensione|schrijf een (?:beoordeling|recensie)/,
  },
  {
    saying: "reminder",
    words: /arrives (?:tomorrow|today)|kommt morgen|arrive demain|llega manana|arriva domani|komt morgen/,
  },
  {
    saying: "confirmation",
    words:
      /(?:reservation|booking|stay)\b.{0,60}\b(?:is|has been|was|are) (?:now )?confirmed|(?:booking|reservation) confirm(?:ed|ation)(?! (?:code|number|no\b|id\b|#))|new (?:confirmed )?(?:booking|reservation)\b|you(?: have|'ve| got|'ve got) a (?:new )?(?:booking|reservation)|has (?:just )?booked|\bbooked your (?:property|place|listing|home)\b|(?:buchung|reservierung)\b.{0,60}\b(?:ist|wurde) (?:\w+ )?bestatigt|buchung bestatigt|buchungsbestatigung|neue buchung|hat (?:\w+ ){0,6}gebucht|reservation\b.{0,60}\b(?:est|a ete) confirmee|reservation confirmee|nouvelle reservation|confirmation de reservation|reserva\b.{0,60}\b(?:esta|ha sido) confirmada|reserva confirmada|nueva reserva|prenotazione\b.{0,60}\b(?:e|e stata) confermata|prenotazione confermata|nuova prenotazione|(?:boeking|reservering)\b.{0,60}\b(?:is) bevestigd|(?:boeking|reservering) bevestigd|nieuwe (?:boeking|reservering)|status:? (?:booked|confirmed|bestatigt|confirmee|confirmada|confermata|bevestigd)/,
    unless:
      /\b(?:request|anfrage|demande de|solicitud|richiesta|aanvraag|until|once|when|not|pending|if|wenn|sobald|lorsque|quand|cuando|quando|zodra|als|nicht|pas|non|niet|awaiting|may|can|after|before|our|my)\b/,
  },
];

/** Words of things that are confirmed and cancelled, too, but are no stay. */
export const NO_STAY =
  /\b(?:flights?|flug|vol|vuelo|volo|vlucht|boarding|airline|airport transfer|your table|table for|tisch|restaurant|dinner reservation|appointment|termin beim|doctor|dentist|your order|order number|bestellung|commande|pedido|ordine|bestelling|shipment|parcel|paket|car rental|rental car|mietwagen|train ticket|bahnticket|concert|ticket order|cinema|webinar|meeting room|haircut|parking booking|tour booking|class booking|experience booking)\b/;
/** Words that only a stay has. */
export const STAY_WORDS =
  /\b(?:anreise|gast|personen|check-?in|arriv(?:al|ee|o|ing)|llegada|entrada|aankomst|sejour|soggiorno|estancia|verblijf|aufenthalt|ferien\w+|gite|casa rural|agriturismo|stay|nights?|nachte?|nuits?|nuitees?|noches?|nott[ei]|nachten|noites?|check-?out|checkout|abreise|date de depart|salida|partenza|vertrek|guests?|gaste|voyageurs?|huespedes|ospiti|gasten|accommodation|unterkunft|logement|alojamiento|alloggio|accommodatie|ferienwohnung|apartment|cottage|villa|cabin|lodg\w*|campsite|leaving|room|chambre|zimmer|habitacion|camera|kamer)\b/;

/** What the names of Airbnb's templates say (`X-Template`), whatever the language of the mail. */
export const TEMPLATE_WORDS: readonly KindWords[] = [
  { saying: "review-request", words: /review/ },
  { saying: "payout", words: /payout/ },
  { saying: "alteration", words: /alteration/ },
  { saying: "cancel", words: /reservation_cancell?ed|booking_cancell?ed/, unless: /request/ },
  { saying: "reminder", words: /reminder/ },
  { saying: "guest-message", words: /message|inbox/ },
  { saying: "confirmation", words: /booking_confirmation|reservation_confirm/ },
  { saying: "inquiry", words: /request|inquiry|pre_?approv/ },
];

/** Subjects that programs write by themselves around a mail or an event of somebody's calendar. */
export const BY_PROGRAMS =
  /^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|abwesend|abwesenheit\w*|automatische antwort|reponse automatique|respuesta automatica|risposta automatica|automatisch antwoord|undeliver\w+|delivery (?:status|failure|has failed)|mail delivery|returned mail|failure notice|unzustellbar|non remis|read|gelesen|lu|leido|invitation|updated invitation|einladung|invito|uitnodiging|(?:tentatively )?accepted|declined|zugesagt|abgelehnt|cancell?ed event|termin abgesagt|abgesagt|evenement annule|evento cancelado|evento annullato|geannuleerde afspraak)\s*:|^(?:undelivered mail|mail delivery failed|delivery status notification|returned mail)/;
/** Words for what a stay is booked as; a cancellation names one. */
export const RESERVATION_WORDS =
  /\b(?:reservation|booking|stay|trip|buchung|reservierung|aufenthalt|reserva|estancia|prenotazione|soggiorno|reservering|boeking|verblijf|sejour|hm[a-z0-9]{8}|ha-[a-z0-9]{5,8})|予約|예약/;

/** Headings below which a template explains its rules; what stands there happened to nobody. */
export const RULES_HEADING =
  /^(?:(?:your |deine |ihre |vos |tu |tus |le tue |je )?(?:cancell?ations|(?:guest )?cancell?ation polic(?:y|ies)|stornierungen|stornierungsbedingungen|annulations|conditions d'annulation|cancelaciones|politica de cancelacion(?:es)?|cancellazioni|termini di cancellazione|annuleringen|annuleringsvoorwaarden|house rules|hausregeln|reglement interieur|normas de la casa|regole della casa|huisregels))\s*:?$/;
