import { expect, test } from "vitest";
import { read } from "./raw-mail.ts";

const STAY = "Guest: Jane Doe\nCheck-in: 9 August 2027\nCheck-out: 13 August 2027\nConfirmation code: HMTR4TT9WQ";

/** Subjects that sound like a confirmation or a cancellation and are none, over texts with all facts of a stay. */
test.each([
  ["Jane canceled the alteration request for HMTR4TT9WQ", ""],
  ["Alteration request declined", "The reservation is still confirmed."],
  ["Booking could not be confirmed: Jane Doe #B1234567", ""],
  ["Buchung konnte nicht bestätigt werden", ""],
  ["Réservation pas encore confirmée", ""],
  ["New booking - pending payment: Jane Doe #B1234567", "Status: Pending"],
  ["New provisional booking #48300", "It awaits your confirmation."],
  ["New booking #48300", "The booking awaits your confirmation."],
  ["Booking reinstated: 3987654321", "The cancellation of the booking was reversed."],
  ["Booking.com - Partial cancellation! (3987654321, Monday, 9 August 2027)", "One of the two rooms was cancelled."],
  ["Reservation HMTR4TT9WQ may be canceled", "If she does not verify by June 5, the reservation will be canceled."],
  ["Booking 71240001 - payment failed, booking will be cancelled", ""],
  ["Buchung wird morgen storniert", ""],
  ["Cleaning confirmed: August 13, The Old Boathouse", ""],
  ["Task assigned: check-out cleaning for confirmed reservation 1298-4471", ""],
  ["Reservation HA-QW34RT: damage deposit confirmed", ""],
  ["Guest request for booking 3987654321: late check-in confirmed", ""],
  ["Stornierungsrichtlinie für deine Buchung HMTR4TT9WQ geändert", "Wenn der Gast storniert, erhält er den Betrag."],
  ["Your special offer to Jane was canceled", ""],
  ["Co-host removed: Paolo", "Paolo canceled his co-host access. Confirmed reservations stay."],
])("S50: %s neither creates nor cancels", async (subject, text) => {
  expect((await read({ subject, text: `${text}\n${STAY}`, date: "Thu, 03 Jun 2027 10:00:00 +0000" })).action).toBe(
    "none",
  );
});

test.each([
  ["Reservation No 4471 confirmed", "create"],
  ["Canceled: reservation of Will Canning", "cancel"],
  ["Booking confirmed - deposit received", "create"],
])("S50: %s still says so", async (subject, action) => {
  expect((await read({ subject, text: STAY, date: "Thu, 03 Jun 2027 10:00:00 +0000" })).action).toBe(action);
});
