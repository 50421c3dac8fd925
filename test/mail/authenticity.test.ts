import { expect, test } from "vitest";
import { vouchFor } from "../../shared/mail/authenticity.ts";
import { read } from "./raw-mail.ts";

const text = "Check-in: Mon, Dec 28\nCheckout: Sun, Jan 3\nConfirmation code: HMAB12CD34";
const subject = "Reservation confirmed - Lena Ott arrives Dec 28";

test.each([
  ["mx.example.org; dkim=pass header.i=@airbnb.com; dmarc=pass", "pass", "create"],
  ["mx.example.org; dkim=pass header.d=email.airbnb.com", "pass", "create"],
  ["mx.example.org; dkim=pass header.d=evil.example", "unknown", "create"],
  ["mx.example.org; spf=softfail; dmarc=fail", "fail", "none"],
  ["mx.example.org; arc=pass (i=1 dmarc=pass fromdomain=airbnb.com); dmarc=fail", "unknown", "create"],
  ["mx.example.org; arc=fail (i=1 dmarc=pass); dmarc=fail", "fail", "none"],
  ["mx.example.org; dkim=fail (bad signature)", "fail", "none"],
  ["mx.example.org; none", "unknown", "create"],
])("a mail of which the server says %s is %s", async (result, authenticity, action) => {
  const reading = await read({ subject, text, headers: [`Authentication-Results: ${result}`] });

  expect(reading).toMatchObject({ authenticity, action });
});

test("only the topmost verdict counts: those below may be forged", async () => {
  const headers = ["Authentication-Results: mx; dmarc=fail", "Authentication-Results: mx; dmarc=pass"];

  expect((await read({ subject, text, headers })).authenticity).toBe("fail");
});

test.each([
  ["Airbnb", "host@airbnb-reservations.com", "fail"],
  ["Airbnb", "someone@gmail.com", "fail"],
  ["Аirbnb", "someone@mail.example", "fail"],
  ["Booking.com", "noreply@booking-partner.example", "fail"],
  ["Airbnb", "desk@cohosts.example", "borrowed"],
  ["Airbnb", "automated@airbnb.co.uk", "unknown"],
  ["Booking.com", "x@guest.booking.com", "unknown"],
  ["'Airbnb' via Lets", "lets@reedlets.example", "unknown"],
  ["Tom Reed", "tom@reedlets.example", "unknown"],
])("%s writing from %s is %s", (name, address, verdict) => {
  expect(vouchFor({ name, address }, []).authenticity).toBe(verdict);
});

test("a platform's name from somebody else's address is read as it states, with little trust", async () => {
  const reading = await read({ from: "Airbnb <desk@cohosts.example>", subject, text });

  expect(reading).toMatchObject({ authenticity: "borrowed", kind: "confirmation", action: "create", confidence: 0.5 });
});

test("an imitated address fails even where the server vouches for the borrower", () => {
  const sender = { name: "Airbnb", address: "a@airbnb-help.com" };

  expect(vouchFor(sender, ["mx; dkim=pass header.d=airbnb-help.com; dmarc=pass"]).authenticity).toBe("fail");
});
