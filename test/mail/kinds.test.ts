import { expect, test } from "vitest";
import { read, values } from "./raw-mail.ts";

const CONFIRMED = "Check-in: Mon, Dec 28\nCheckout: Sun, Jan 3\nConfirmation code: HMAB12CD34";

test("S50: an alteration states no new stay, and takes the new dates", async () => {
  const text = "Original dates\nDec 28, 2026 – Jan 3, 2027\nRequested dates\nDec 29, 2026 – Jan 4, 2027";
  const reading = await read({ subject: "Lena wants to change their reservation", text });

  expect(reading).toMatchObject({ kind: "alteration", action: "none" });
  expect(values(reading)).toMatchObject({ checkIn: "2026-12-29", checkOut: "2027-01-04" });
});

test("S50: a cancellation says cancel; a policy, a wish or a refusal of one does not", async () => {
  const cancelled = await read({
    subject: "Canceled: Reservation HMAB12CD34 for Dec 28 – 30",
    text: "It was canceled.",
  });
  const policy = await read({
    subject: "Reservation confirmed - Lena Ott arrives Dec 28",
    text: `${CONFIRMED}\nFree cancellation until Dec 20. If you cancel later, the booking cannot be refunded.`,
  });
  const wish = await read({ subject: "Response needed: cancellation request from Lena Ott", text: "Please approve." });
  const refusal = await read({ subject: "Your cancellation request was declined", text: "The reservation stays." });

  expect([cancelled, policy, wish, refusal].map(({ action }) => action)).toEqual(["cancel", "create", "none", "none"]);
});

test("S50: a request that is cancelled, expired or declined cancels no stay", async () => {
  const subjects = [
    "Canceled: your reservation request",
    "The reservation request from Lena was declined",
    "Buchungsanfrage abgelaufen",
    "Demande de réservation annulée",
    "Solicitud de reserva cancelada",
    "Richiesta di prenotazione scaduta",
    "Reserveringsaanvraag geannuleerd",
  ];
  const readings = await Promise.all(subjects.map((subject) => read({ subject, text: CONFIRMED })));

  expect(readings.map(({ kind, action }) => `${kind} ${action}`)).toEqual(subjects.map(() => "inquiry none"));
});

test("S50: an inquiry, a review, a payout and a reminder create nothing, whatever facts they hold", async () => {
  const subjects = [
    "Inquiry from Lena Ott",
    "Write a review for Lena",
    "We sent a payout of €100",
    "Reservation reminder: Lena arrives tomorrow!",
    "New booking request – accept or decline",
    "You pre-approved Lena",
    "Neue Buchungsanfrage von Lena",
    "Nouvelle demande de réservation",
  ];
  const readings = await Promise.all(subjects.map((subject) => read({ subject, text: CONFIRMED })));

  expect(readings.every(({ action }) => action === "none")).toBe(true);
});

test("S50: a reply is a message, even to a confirmation it quotes", async () => {
  const text = `Thanks, see below.\n\nOn Wed, Dec 2, 2026 at 10:00 AM Airbnb <automated@airbnb.com> wrote:\n> ${CONFIRMED.replaceAll("\n", "\n> ")}`;
  const subjects = ["Re: Reservation confirmed - Lena Ott", "AW: Buchung bestätigt", "Antw: Reservering bevestigd"];
  const readings = await Promise.all(subjects.map((subject) => read({ from: "Tom <tom@example.org>", subject, text })));

  expect(readings.every(({ kind, action }) => kind === "guest-message" && action === "none")).toBe(true);
  expect(readings.map((reading) => values(reading)["confirmationCode"])).toEqual([null, null, null]);
});

test.each(["Fwd", "FW", "WG", "TR", "RV", "I", "Doorst"])(
  "S50: a forward marked %s: is read as what it forwards",
  async (word) => {
    const text = [
      "From: Airbnb <automated@airbnb.com>",
      "Date: Tue, Dec 1, 2026 at 9:00 AM",
      "Subject: Reservation confirmed - Lena Ott arrives Dec 28",
      "To: tom@example.org",
      "",
      CONFIRMED,
    ].join("\n");
    const reading = await read({
      from: "Tom <tom@example.org>",
      subject: `${word}: Reservation confirmed - Lena Ott arrives Dec 28`,
      date: "Mon, 01 Mar 2027 10:00:00 +0000",
      text,
    });

    expect(reading).toMatchObject({
      kind: "confirmation",
      action: "create",
      platform: "airbnb",
      authenticity: "unknown",
    });
    expect(values(reading)).toMatchObject({ guestName: "Lena Ott", checkIn: "2026-12-28", checkOut: "2027-01-03" });
  },
);

test("a note about cancelling above a forwarded confirmation stops it from creating", async () => {
  const text = `Lena cancelled, FYI\n\n---------- Forwarded message ---------\nFrom: Airbnb <automated@airbnb.com>\nSubject: Reservation confirmed - Lena Ott arrives Dec 28\n\n${CONFIRMED}`;
  const reading = await read({ from: "Tom <tom@example.org>", subject: "Fwd: Reservation confirmed", text });

  expect(reading.action).toBe("none");
});

test("S50: a code quoted in a later thread is not this mail's", async () => {
  const text = `Your booking is cancelled.\n\n-----Original Message-----\nFrom: Airbnb <automated@airbnb.com>\nSent: Tuesday\nSubject: Reservation confirmed\n\n${CONFIRMED}`;
  const reading = await read({ subject: "Your reservation has been cancelled", text });

  expect(reading.action).toBe("cancel");
  expect(values(reading)).toMatchObject({ confirmationCode: null, checkIn: null });
});

test("a confirmed table, flight or appointment is no stay", async () => {
  const subjects = ["Your table is confirmed", "Flight booking confirmation AB123C", "Appointment confirmed"];
  const text = "Friday, 28 December 2026, 19:00. Reference AB123C.";
  const readings = await Promise.all(subjects.map((subject) => read({ from: "X <x@x.example>", subject, text })));

  expect(readings.map(({ kind, action }) => `${kind} ${action}`)).toEqual(subjects.map(() => "other none"));
});

test("a subject and a text that contradict each other state nothing", async () => {
  const text = `Your reservation has been cancelled.\n${CONFIRMED}`;
  const reading = await read({ subject: "Reservation confirmed - Lena Ott arrives Dec 28", text });

  expect(reading.action).toBe("none");
});

test("a mail in a language nobody here reads is told by the name of its template, and cannot fake a stay by it elsewhere", async () => {
  const mail = { subject: "Rezerwacja potwierdzona", text: "Confirmation code: HMAB12CD34" };
  const confirmed = await read({ ...mail, headers: ["X-Template: BOOKING_CONFIRMATION_TO_HOST"] });
  const requested = await read({ ...mail, headers: ["X-Template: reservation/alteration/alteration_requested"] });

  expect(confirmed).toMatchObject({ kind: "confirmation", action: "create-partial" });
  expect(requested).toMatchObject({ kind: "alteration", action: "none" });
});

test("absence notes, bounces and calendar notices state nothing, whatever subject they carry", async () => {
  const from = "Tom <tom@example.org>";
  const absence = await read({
    from,
    subject: "Automatic reply: Reservation confirmed - Lena Ott arrives Dec 28",
    text: CONFIRMED,
  });
  const answered = await read({
    from,
    subject: "Reservation confirmed",
    text: CONFIRMED,
    headers: ["Auto-Submitted: auto-replied"],
  });
  const bounce = await read({
    from: "MAILER-DAEMON@mx.example.org",
    subject: "Reservation confirmed",
    text: CONFIRMED,
  });
  const event = await read({ from, subject: "Canceled event: Reservation Lena Ott @ Mon Dec 28", text: "Canceled." });

  expect([absence, answered, bounce, event].map(({ kind, action }) => `${kind} ${action}`)).toEqual([
    "other none",
    "other none",
    "other none",
    "other none",
  ]);
});

test("what stands below the heading of the rules happened to nobody", async () => {
  const text = `${CONFIRMED}\nCancellation policy\nThe booking was cancelled without a fee until Dec 20.`;

  expect((await read({ subject: "Reservation confirmed - Lena Ott arrives Dec 28", text })).action).toBe("create");
});

test("a cancelled subscription is no cancelled stay", async () => {
  const reading = await read({
    from: "Lodgify <a@lodgify.com>",
    subject: "Your subscription was cancelled",
    text: "Bye.",
  });

  expect(reading.action).toBe("none");
});
