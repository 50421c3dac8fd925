import { expect, test } from "vitest";
import { readMail } from "../../shared/mail/read-mail.ts";
import { rawMail, read, values } from "./raw-mail.ts";

const subject = "Reservation confirmed";

test("S50: dates without a year over New Year are those after the mail", async () => {
  const text = "Check-in: Mon, Dec 28\nCheckout: Sun, Jan 3\nConfirmation code: HMAB12CD34";

  expect(values(await read({ subject, text }))).toMatchObject({ checkIn: "2026-12-28", checkOut: "2027-01-03" });
});

test("dates without a year stay unknown where nothing says when the mail came", async () => {
  const raw = Buffer.from(
    `From: Airbnb <automated@airbnb.com>\r\nSubject: ${subject}\r\n\r\nCheck-in: Dec 28\r\nCheckout: Jan 3`,
  );
  const undated = await readMail(raw, {});
  const dated = await readMail(raw, { received: "2026-12-02T10:00:00.000Z" });

  expect(values(undated)).toMatchObject({ checkIn: null, checkOut: null });
  expect(values(dated)).toMatchObject({ checkIn: "2026-12-28", checkOut: "2027-01-03" });
});

test("a weekday that contradicts its date leaves the date unstated", async () => {
  const text = "Check-in: Tue, Dec 28, 2026\nCode: HMAB12CD34";

  expect(values(await read({ subject, text }))["checkIn"]).toBeNull();
});

test.each([
  ["7 May 2027", "9 May 2027"],
  ["May 7, 2027", "May 9, 2027"],
  ["Fri, May 7, 2027 4:00 PM", "Sun, May 9, 2027 10:00 AM"],
  ["07.05.2027", "09.05.2027"],
  ["Freitag, 7. Mai 2027", "Sonntag, 9. Mai 2027"],
  ["ven. 7 mai 2027", "dim. 9 mai 2027"],
  ["viernes, 7 de mayo de 2027", "domingo, 9 de mayo de 2027"],
  ["ven 7 mag 2027", "dom 9 mag 2027"],
  ["vrijdag 7 mei 2027", "zondag 9 mei 2027"],
  ["2027-05-07", "2027-05-09"],
  ["05/07/2027", "05/09/2027"],
  ["7/5/2027", "9/5/2027"],
])("a stay from %s to %s is read", async (from, to) => {
  const reading = await read({ subject, text: `Check-in: ${from}\nCheck-out: ${to}\nConfirmation code: HMAB12CD34` });

  expect(values(reading)).toMatchObject({ checkIn: "2027-05-07", checkOut: "2027-05-09" });
});

test.each([
  "May 7 – 9, 2027",
  "7.–9. Mai 2027",
  "del 7 al 9 de mayo de 2027",
  "du 7 au 9 mai 2027",
  "dal 7 al 9 maggio 2027",
  "7 t/m 9 mei 2027",
  "7.5. – 9.5.2027",
  "May 7\u2009–\u20099,\u00a02027",
])("the span %s is read", async (dates) => {
  expect(values(await read({ subject, text: `Dates: ${dates}` }))).toMatchObject({
    checkIn: "2027-05-07",
    checkOut: "2027-05-09",
  });
});

test("a date that may be read two ways is read by the mail's language, or not at all", async () => {
  const german = await read({
    subject: "Buchung bestätigt",
    text: "Die Anreise Ihres Gastes ist bestätigt.\nAnreise: 05/03/2027",
  });
  const unclear = await read({ subject, text: "Check-in: 05/03/2027" });

  expect([german, unclear].map((reading) => values(reading)["checkIn"])).toEqual(["2027-03-05", null]);
});

test("labels in columns, stacked cells and labels above values are read alike", async () => {
  const rows =
    "<table><tr><td>Check-in</td><td>Checkout</td></tr><tr><td>Mon, Dec 28</td><td>Sun, Jan 3</td></tr></table>";
  const cells =
    "<table><tr><td><p>Check-in</p><p>Mon, Dec 28</p><p>3 PM</p></td><td><p>Checkout</p><p>Sun, Jan 3</p></td></tr></table>";
  const lines = "<p>Check-in</p><p>Checkout</p><p>Mon, Dec 28</p><p>3:00 PM</p><p>Sun, Jan 3</p><p>11:00 AM</p>";
  const readings = await Promise.all([rows, cells, lines].map((html) => read({ subject, html })));

  expect(readings.map(values)).toEqual(
    readings.map(() => expect.objectContaining({ checkIn: "2026-12-28", checkOut: "2027-01-03" })),
  );
});

test("S50: a placeholder or a masked name is no name, and a greeting names the host", async () => {
  const texts = ["Hi Sarah,\nGuest: Airbnb Guest", "Hi Sarah,\nGuest: J.", "Hi Sarah,\nGuest: J*** ***", "Hi Sarah,"];
  const readings = await Promise.all(texts.map((text) => read({ subject, text: `${text}\nCode: HMAB12CD34` })));

  expect(readings.map((reading) => values(reading)["guestName"])).toEqual([null, null, null, null]);
});

test("S50: an unknown number of guests is not 1, and a capacity is none", async () => {
  const text = "Confirmation code: HMAB12CD34\nYour place sleeps up to 6 guests.";

  expect(values(await read({ subject, text }))["guestCount"]).toBeNull();
});

test("adults and children count, infants and pets do not", async () => {
  const text = "Guests: 2 adults, 1 child, 1 infant, 2 pets";

  expect(values(await read({ subject, text }))["guestCount"]).toBe(3);
});

test("each fact names the line it stands in", async () => {
  const { facts } = await read({ subject, text: "Traveler Name: Lena Ott\nReservation ID: HMAB12CD34" });

  expect(facts.guestName?.line).toBe("Traveler Name: Lena Ott");
  expect(facts.confirmationCode?.line).toBe("Reservation ID: HMAB12CD34");
});

test("money is read where a label says what it is", async () => {
  const { facts } = await read({ subject, text: "Total price: € 1.234,50\nYou earn: $812.40 USD" });

  expect(facts.total?.value).toEqual({ amount: 1234.5, currency: "EUR" });
  expect(facts.payout?.value).toEqual({ amount: 812.4, currency: "USD" });
});

test("what a browser does not show is not read", async () => {
  const html =
    '<div style="display:none">Check-in: Jan 1, 2030</div><style>.a{content:"Guest: X Y"}</style><p>Hello</p>';

  expect(values(await read({ subject, html }))).toMatchObject({ checkIn: null, guestName: null });
});

test("a mail attached to a mail is the one that is read", async () => {
  const inner = Buffer.from(
    rawMail({ subject: "Reservation confirmed - Lena Ott arrives Dec 28", text: "Confirmation code: HMAB12CD34" }),
  ).toString();
  const raw = [
    "From: Tom <tom@example.org>",
    "Subject: this one",
    "Date: Wed, 02 Dec 2026 10:00:00 +0000",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "see attached",
    "--b",
    "Content-Type: message/rfc822",
    "",
    inner,
    "--b--",
  ].join("\r\n");
  const reading = await readMail(Buffer.from(raw), {});

  expect(reading).toMatchObject({ kind: "confirmation", platform: "airbnb", authenticity: "unknown" });
  expect(values(reading)).toMatchObject({ guestName: "Lena Ott", checkIn: "2026-12-28" });
});

test.each([
  ["You canceled reservation HMQ4ZT9XW2", "You canceled Priya's reservation for Jun 3 – 6, 2027.", "Priya"],
  [
    "Stornierung: Buchung HMABCDE234",
    "leider musste Jonas die Buchung HMABCDE234 vom 3. bis 7. Juni stornieren.",
    "Jonas",
  ],
  ["Annulation : réservation HMFR98KLMN", "Bonjour, Chloé a annulé sa réservation HMFR98KLMN.", "Chloé"],
  ["Reserva cancelada: HMES77QWER", "Lucía ha cancelado su reserva HMES77QWER.", "Lucía"],
  ["Prenotazione annullata HMIT33QWER", "Giulia ha cancellato la prenotazione HMIT33QWER.", "Giulia"],
  ["Reservering geannuleerd HMNL33QWER", "Helaas heeft Daan de reservering HMNL33QWER geannuleerd.", "Daan"],
  [
    "Reservation canceled: HA-7QX2BC",
    "The reservation HA-7QX2BC from Ellen Brookfield has been canceled.",
    "Ellen Brookfield",
  ],
])("S50: a cancellation names its guest: %s", async (about, text, name) => {
  const reading = await read({ subject: about, text });

  expect([reading.action, values(reading)["guestName"]]).toEqual(["cancel", name]);
});

test.each([
  ["Canceled: Reservation HMQ4ZT9XW2", "Your reservation HMQ4ZT9XW2 was canceled by the host team."],
  ["Stornierung: Buchung HMABCDE234", "Die Buchung HMABCDE234 wurde storniert."],
  ["Reservering geannuleerd HMNL33QWER", "De reservering HMNL33QWER is geannuleerd."],
  ["Annulation : réservation HMFR98KLMN", "Votre réservation HMFR98KLMN a été annulée."],
])("a cancellation that names nobody invents nobody: %s", async (about, text) => {
  expect(values(await read({ subject: about, text }))["guestName"]).toBeNull();
});
