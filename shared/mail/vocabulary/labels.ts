import { fold } from "../fold.ts";

/** What a label of a mail announces. `other`: something we do not keep, named so that no value runs into it. */
export type Field =
  | "checkIn"
  | "checkOut"
  | "stay"
  | "formerStay"
  | "code"
  | "guestName"
  | "firstName"
  | "lastName"
  | "guests"
  | "adults"
  | "children"
  | "property"
  | "room"
  | "nights"
  | "total"
  | "payout"
  | "other";

/** The labels of booking mails in their languages (en, de, fr, es, it, nl, pt), as templates write them. */
const LABELS: Readonly<Record<Field, readonly string[]>> = {
  checkIn: [
    "check-in, check in, checkin, check-in date, check-in date & time, check-in date and time, arrival date and time, arrival date & time, arrival date/time, check-in date/time, checkin date, date of check-in, arrival, arrival date, date of arrival, arrive, arrives, arriving, start date, begin, start",
    "anreise, anreisedatum, anreisetag, ankunft, ankunftsdatum, check-in-datum, einchecken, von",
    "arrivée, date d'arrivée, entrée, début, début du séjour, arrivée le",
    "llegada, fecha de llegada, entrada, fecha de entrada, día de llegada, fecha de check-in",
    "arrivo, data di arrivo, data arrivo, data di check-in, data check-in",
    "aankomst, aankomstdatum, inchecken, incheckdatum, datum van aankomst, datum aankomst",
    "chegada, data de chegada, data de check-in, チェックイン, 체크인",
  ],
  checkOut: [
    "check-out, check out, checkout, check-out date, check-out date & time, check-out date and time, departure date and time, departure date & time, departure date/time, check-out date/time, checkout date, date of check-out, departure, departure date, date of departure, depart, departs, departing, leaving, leave, end date, end",
    "abreise, abreisedatum, abreisetag, check-out-datum, auschecken, bis",
    "départ, date de départ, sortie, fin, fin du séjour, départ le",
    "salida, fecha de salida, día de salida, fecha de check-out",
    "partenza, data di partenza, data partenza, data di check-out, data check-out",
    "vertrek, vertrekdatum, uitchecken, uitcheckdatum, datum van vertrek, datum vertrek",
    "saída, data de saída, partida, data de check-out, チェックアウト, 체크아웃",
  ],
  stay: [
    "check-in/check-out, check-in / check-out, check-in - check-out, check-in and check-out, arrival/departure, arrival / departure, arrival - departure, an-/abreise, an- und abreise, anreise/abreise, anreise - abreise, arrivée/départ, arrivée - départ, llegada/salida, entrada/salida, arrivo/partenza, aankomst/vertrek, dates, date, stay, stay dates, dates of stay, your stay, booking dates, trip dates, reservation dates, requested dates, new dates, period, travel dates, length of stay",
    "reisezeitraum, zeitraum, buchungszeitraum, aufenthalt, reisedaten, daten, termin, neue daten, angefragte daten, gewünschte daten, mietzeitraum, reisedatum",
    "dates du séjour, séjour, période, dates demandées, nouvelles dates, dates de séjour, dates de la réservation, date du séjour",
    "fechas, estancia, fechas de la estancia, fechas de estancia, fechas solicitadas, nuevas fechas, fechas de la reserva, periodo",
    "soggiorno, date del soggiorno, periodo, date richieste, nuove date, date della prenotazione, periodo di soggiorno",
    "verblijf, verblijfsdata, verblijfsperiode, periode, datum, data, gewenste data, nieuwe data, reisdata, aangevraagde data",
    "datas, estadia, novas datas, datas solicitadas",
  ],
  formerStay: [
    "original dates, previous dates, old dates, former dates, original reservation",
    "ursprüngliche daten, bisherige daten, alte daten, ursprünglicher zeitraum",
    "dates d'origine, dates initiales, anciennes dates, fechas originales, fechas anteriores, fechas iniciales",
    "date originali, date precedenti, oorspronkelijke data, oude data, vorige data, datas originais",
  ],
  code: [
    "confirmation code, confirmation number, confirmation no, confirmation, confirmation id, confirmation #, reservation code, reservation number, reservation id, reservation no, reservation ref, reservation reference, reservation #, reservation",
    "booking code, booking number, booking id, booking no, booking ref, booking reference, booking #, booking, reference, reference number, reference no, ref, your reference, booking reference number, id",
    "bestätigungscode, bestätigungs-code, bestätigungsnummer, buchungsnummer, buchungscode, buchungs-nr, buchungsnr, buchungs-id, buchungsreferenz, reservierungsnummer, reservierungscode, reservierungs-nr, reservierungs-id, vorgangsnummer, referenz, referenznummer, buchung, buchung nr, reservierung",
    "code de confirmation, numéro de confirmation, numéro de réservation, n° de réservation, n° réservation, no de réservation, référence de réservation, référence de la réservation, référence, code de réservation, identifiant de réservation, réservation n°, id de réservation",
    "código de confirmación, código de reserva, número de confirmación, número de reserva, n.º de reserva, nº de reserva, nº reserva, localizador, referencia, referencia de reserva, id de reserva, id de la reserva, código",
    "codice di conferma, codice prenotazione, codice di prenotazione, codice della prenotazione, numero di prenotazione, numero prenotazione, n. prenotazione, riferimento, riferimento prenotazione, id prenotazione, numero di conferma",
    "bevestigingscode, bevestigingsnummer, reserveringsnummer, reserveringscode, reserverings-id, boekingsnummer, boekingscode, boekingsreferentie, boekings-id, referentie, referentienummer, boeking, reservering",
    "código de confirmação, número da reserva, código da reserva, 確認コード, 예약 코드",
  ],
  guestName: [
    "guest name, guest's name, guest full name, name of guest, guest, primary guest, lead guest, main guest, booker, booker name, booked by, reserved by, traveler name, traveller name, traveler, traveller, customer, customer name, name, full name, group, group name, organisation, organization, contact name, booking name, guest(s) name",
    "gast, gastname, name des gastes, gästename, name des reisenden, reisender, name des gasts, gebucht von, buchende person, hauptgast, kunde, kundenname, mieter, vor- und nachname, name der gäste, gast-name",
    "nom du client, nom du voyageur, voyageur, vacancier, client, nom, nom de l'hôte voyageur, réservé par, nom complet, locataire, nom du locataire, nom du vacancier, nom de l'invité",
    "nombre del huésped, huésped, nombre del viajero, viajero, titular, titular de la reserva, cliente, nombre del cliente, nombre, reservado por, nombre completo, huésped principal",
    "nome dell'ospite, nome ospite, ospite, nome del cliente, nome, nome e cognome, prenotato da, intestatario, nome del viaggiatore, viaggiatore, ospite principale",
    "naam van de gast, naam gast, gast naam, gastnaam, naam, reiziger, naam reiziger, naam van de reiziger, hoofdboeker, geboekt door, huurder, klant, hoofdgast",
    "nome do hóspede, hóspede, hóspede principal",
  ],
  firstName: ["first name, given name, guest first name, customer first name, vorname, prénom, voornaam, nome próprio"],
  lastName: [
    "last name, surname, family name, guest last name, customer last name, nachname, familienname, nom de famille, apellido, apellidos, cognome, achternaam, familienaam, apelido, sobrenome",
  ],
  guests: [
    "guests, number of guests, no. of guests, guest count, guest(s), total guests, occupancy, people, persons, number of people, number of persons, party size, pax, travelers, travellers, party, group size, occupants",
    "gäste, anzahl der gäste, anzahl gäste, gästeanzahl, gästezahl, personen, anzahl personen, anzahl der personen, personenzahl, reisende, anzahl reisende",
    "voyageurs, nombre de voyageurs, nombre de personnes, personnes, nombre d'hôtes, nombre de clients, vacanciers, occupants",
    "huéspedes, número de huéspedes, n.º de huéspedes, nº de huéspedes, viajeros, número de viajeros, personas, número de personas, ocupación",
    "ospiti, numero di ospiti, numero ospiti, persone, numero di persone, numero persone, viaggiatori",
    "gasten, aantal gasten, aantal personen, reizigers, aantal reizigers, gezelschap",
    "hóspedes, número de hóspedes, 게스트, ゲスト",
  ],
  adults: [
    "adults, adult, erwachsene, adultes, adultos, adulti, volwassenen, leaders, number of adults, anzahl erwachsene",
  ],
  children: [
    "children, child, kids, kinder, enfants, niños, bambini, kinderen, participants, crianças, young people, number of children",
  ],
  property: [
    "property, property name, listing, listing name, accommodation, accommodation name, rental, rental name, house, home, apartment, your property, property title, unit name, lodging, campsite, site, venue, place",
    "unterkunft, name der unterkunft, unterkunftsname, objekt, objektname, ferienwohnung, ferienhaus, wohnung, inserat, mietobjekt, haus",
    "logement, nom du logement, hébergement, nom de l'hébergement, annonce, établissement, nom de l'établissement, gîte, propriété, appartement",
    "alojamiento, nombre del alojamiento, anuncio, propiedad, apartamento, establecimiento, casa",
    "alloggio, nome dell'alloggio, struttura, nome della struttura, annuncio, appartamento, proprietà",
    "accommodatie, naam accommodatie, naam van de accommodatie, woning, vakantiehuis, vakantiewoning, object, advertentie, appartement",
    "acomodação, anúncio, propriedade",
  ],
  room: [
    "room, room type, unit, room name, rooms, zimmer, zimmertyp, einheit, chambre, type de chambre, habitación, tipo de habitación, camera, tipo di camera, kamer, kamertype, pitch, quarto",
  ],
  nights: [
    "nights, number of nights, nächte, anzahl nächte, anzahl der nächte, nuits, nuitées, nombre de nuits, noches, número de noches, notti, numero di notti, nachten, aantal nachten, noites",
  ],
  total: [
    "total, total price, total amount, total booking amount, booking total, total cost, grand total, total charge, price, amount, total (usd), total (eur), total (gbp), total paid, guest paid, reservation total, booking amount",
    "gesamt, gesamtbetrag, gesamtpreis, gesamtsumme, preis, gesamtbetrag (eur), summe, mietpreis, gesamt (eur)",
    "prix total, montant total, prix, montant, total (eur), precio total, importe total, precio, importe, prezzo totale, totale, prezzo, importo totale, totale (eur), totaalprijs, totaal, totaalbedrag, prijs, totaal (eur), preço total",
  ],
  payout: [
    "payout, host payout, you earn, you'll earn, your earnings, total payout, expected payout, net payout, owner payout, auszahlung, auszahlung an gastgeber:in, deine auszahlung, du verdienst, versement, vos revenus, vous gagnez, versement de l'hôte, ganas, tus ganancias, cobro del anfitrión, cobro, guadagni, compenso dell'host, compenso, uitbetaling, je verdient, uitbetaling verhuurder",
  ],
  other: [
    "status, phone, phone number, telephone, mobile, email, e-mail, email address, country, address, message, source, channel, notes, language, booked on, booking date, reservation date, date booked, created, created on, received, special requests, requests, comments, payment, payment method, paid, balance, balance due, due, deposit, cancel by, free cancellation until, cancellation policy, cancellation, location, pets, infants, babies, commission, taxes, cleaning fee, service fee, rent, expires, respond by, reply by, check-in time, check-out time, arrival time, departure time, checkin time, checkout time, estimated arrival time, property id, listing id, unit id, itinerary, hosted by, host, external id, traveler phone, traveler email, guest phone, guest email, payment schedule, from, to, subject, sent",
    "telefon, telefonnummer, handy, land, sprache, nachricht, buchungsdatum, gebucht am, eingegangen am, anzahlung, restzahlung, zahlung, fällig am, provision, adresse, herkunft, kanal, haustiere, stornierungsbedingungen, storno, ankunftszeit, bemerkung, bemerkungen, kleinkinder, gastgeber",
    "téléphone, pays, langue, date de réservation, réservé le, acompte, solde, commission, adresse, statut, animaux, conditions d'annulation, heure d'arrivée, remarques, hôte",
    "teléfono, correo, correo electrónico, país, idioma, fecha de reserva, reservado el, depósito, comisión, dirección, estado, mascotas, política de cancelación, hora de llegada, anfitrión, notas",
    "telefono, paese, lingua, data di prenotazione, prenotato il, acconto, saldo, commissione, indirizzo, stato, animali, termini di cancellazione, ora di arrivo, note, host",
    "telefoon, telefoonnummer, taal, boekingsdatum, geboekt op, aanbetaling, commissie, adres, huisdieren, annuleringsvoorwaarden, aankomsttijd, opmerkingen, verhuurder",
  ],
};

const FIELD_OF: ReadonlyMap<string, Field> = new Map(
  Object.entries(LABELS).flatMap(([field, lists]) =>
    lists.flatMap((list) => list.split(",").map((label) => [bareLabel(label), field as Field] as const)),
  ),
);

/** Longest label, in words. */
export const LABEL_WORDS = 6;

/** What `text` announces where it is a label and nothing else, `Check-in:` or `CHECK-IN (from 3 pm)`; else undefined. */
export function fieldOf(text: string): Field | undefined {
  if (text.length > 60) return undefined;
  return FIELD_OF.get(bareLabel(text)) ?? FIELD_OF.get(bareLabel(text.replace(/\s*\([^)]*\)\s*:?\s*$/, "")));
}

function bareLabel(text: string): string {
  return fold(text).replaceAll(/^[^\p{L}\p{N}]+|[\s:：.#*→>-]+$/gu, "");
}
