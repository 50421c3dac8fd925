import { describe, expect, test } from "vitest";
import { AIRBNB, BOOKING, calendar, days, event, readOne, readRows, reserved, VRBO } from "./feeds.ts";

const PMS = "-//Lodgify//Lodgify Calendar//EN";
const GOOGLE = "-//Google Inc//Google Calendar 70.9054//EN";

function natureOf(prodid: string, summary: string, ...more: string[]) {
  const { nature, customer, code, platform } = readOne(prodid, days("u", "2027-05-07", "2027-05-09", summary, ...more));
  return { nature, customer, code, platform };
}

describe("what an event is", () => {
  test("Airbnb's stay has its code and the phone's last digits, and no guest", () => {
    const row = readOne(AIRBNB, reserved("a@airbnb.com", "2027-05-07", "2027-05-09", "HMABCD1234"));

    expect(row).toMatchObject({
      ...{ nature: "stay", platform: "airbnb", code: "HMABCD1234", phoneLast4: "4235", title: "Reserved" },
      ...{ start: "2027-05-07", end: "2027-05-09" },
    });
    expect(row.customer).toBeUndefined();
  });

  test("a link of an older form tells the code, too", () => {
    const link = "DESCRIPTION:Reservation URL: https://www.airbnb.com/reservation/itinerary?code=HMZX12PQ99\\nPhone";

    expect(natureOf(AIRBNB, "Reserved", link).code).toBe("HMZX12PQ99");
  });

  test.each([
    ["Airbnb (Not available)", AIRBNB],
    ["Airbnb (Nicht verfügbar)", AIRBNB],
    ["Airbnb (Indisponible)", AIRBNB],
    ["Blocked", VRBO],
    ["Indisponible", VRBO],
    ["Reserved - Not available", AIRBNB],
    ["Blocked by Guesty", "-//Guesty//EN"],
    ["Closed period", "-//Smoobu//EN"],
    ["Geschlossener Zeitraum: gesperrt", "-//Smoobu//EN"],
    ["Owner stay", PMS],
    ["Eigenbelegung", PMS],
    ["Preparation time", PMS],
    ["No disponible", PMS],
    ["Non disponibile", PMS],
    ["Niet beschikbaar", PMS],
    ["Maintenance - boiler", GOOGLE],
  ])("S53: %s is a block, never a guest", (summary, prodid) => {
    const { nature, customer } = natureOf(prodid, summary);

    expect({ nature, customer }).toEqual({ nature: "block", customer: undefined });
  });

  test.each([
    ["Reserved - Jane Doe", VRBO, "Jane Doe"],
    ["Réservée - Mélanie", VRBO, "Mélanie"],
    ["Reserviert – Jürgen Groß", VRBO, "Jürgen Groß"],
    ["Reserved: John Smith", AIRBNB, "John Smith"],
    ["CLOSED - Maria Rossi", BOOKING, "Maria Rossi"],
    ["Tripadvisor booking: Ann Lee", "-//Tripadvisor//EN", "Ann Lee"],
    ["Airbnb - Jonas Weber", PMS, "Jonas Weber"],
    ["Booking (Ellie Hart)", PMS, "Ellie Hart"],
  ])("%s names the guest", (summary, prodid, name) => {
    expect(natureOf(prodid, summary)).toMatchObject({ nature: "stay", customer: name });
  });

  test.each([
    ["Reserved", AIRBNB],
    ["Reserved - Airbnb", PMS],
    ["Reserved - Guest", VRBO],
    ["Reserved - J*** S****", VRBO],
    ["Seaside Cottage", PMS],
    ["Booking 12345", PMS],
  ])("S50: %s is a stay, and names nobody", (summary, prodid) => {
    const { nature, customer } = natureOf(prodid, summary);

    expect({ nature, customer }).toEqual({ nature: "stay", customer: undefined });
  });

  test("Booking.com's CLOSED is a booking or a block, nobody knows; one of months is closed", () => {
    const short = readOne(BOOKING, days("b@booking.com", "2027-05-07", "2027-05-09", "CLOSED - Not available"));
    const long = readOne(BOOKING, days("b@booking.com", "2027-05-07", "2027-09-09", "CLOSED - Not available"));
    const elsewhere = natureOf(PMS, "CLOSED - Not available");

    expect([short.nature, short.platform, long.nature, elsewhere.nature]).toEqual([
      ...["stay-or-block", "booking", "block", "block"],
    ]);
  });

  test("a reservation's number is read where the text calls it one", () => {
    expect(
      natureOf(PMS, "Jane Doe", "DESCRIPTION:Guest: Jane Doe\\nBooking number: 4711-22\\nGuests: 3"),
    ).toMatchObject({
      ...{ nature: "stay", customer: "Jane Doe", code: "4711-22" },
    });
    expect(natureOf(BOOKING, "CLOSED - Not available", "DESCRIPTION:Booking 4012345678")).toMatchObject({
      ...{ nature: "stay", code: "4012345678" },
    });
    expect(natureOf(VRBO, "Reserved - Jane", "DESCRIPTION:Reservation ID: HA-4XK9P2").code).toBe("HA-4XK9P2");
    expect(natureOf(PMS, "Jane Doe", "DESCRIPTION:call 2027-05-07 at 1234567890").code).toBeUndefined();
  });

  test("S53: the owner's own days are a block, though a channel manager numbers them", () => {
    expect(natureOf(PMS, "Owner booking", "DESCRIPTION:Booking number: 4711-23").nature).toBe("block");
  });

  test("what is cancelled says so by its status, its method or its title", () => {
    const whole = calendar(VRBO, days("a", "2027-05-07", "2027-05-09", "Reserved - Jane")).replace(
      "VERSION:2.0",
      "VERSION:2.0\r\nMETHOD:CANCEL",
    );

    expect(natureOf(VRBO, "Reserved - Jane", "STATUS:CANCELLED").nature).toBe("cancelled");
    expect(natureOf(PMS, "Cancelled: Jane Doe").nature).toBe("cancelled");
    expect(readRows(whole).rows[0]?.nature).toBe("cancelled");
  });

  test("the platform is told by the file, by UIDs, or by who asks", () => {
    const booked = (prodid: string, uid: string) =>
      readOne(prodid, days(uid, "2027-05-07", "2027-05-09", "x")).platform;

    expect(booked("-//Some//EN", "abc@booking.com")).toBe("booking");
    expect(booked(GOOGLE, "abc@google.com")).toBe("calendar");
    expect(booked("-//Some//EN", "abc")).toBe("unknown");
    expect(
      readRows(calendar("-//Some//EN", days("a", "2027-05-07", "2027-05-09", "x")), { platform: "vrbo" }).platform,
    ).toBe("vrbo");
  });

  test("S19: three entries of one stay, or two with its code, are one", () => {
    const entries = readRows(
      calendar(
        "-//Smoobu//EN",
        days("in", "2027-05-07", "2027-05-08", "Check-in: Jane Doe"),
        days("stay", "2027-05-07", "2027-05-10", "Jane Doe"),
        event("UID:out", "DTSTART:20270510T090000Z", "DTEND:20270510T100000Z", "SUMMARY:Check-out: Jane Doe"),
      ),
    );
    const untold = readRows(
      calendar(
        "-//Smoobu//EN",
        days("1", "2027-05-07", "2027-05-08", "Jane Doe"),
        days("2", "2027-05-07", "2027-05-10", "Jane Doe"),
        days("3", "2027-05-10", "2027-05-11", "Jane Doe"),
      ),
    );
    const twice = readRows(
      calendar(
        AIRBNB,
        reserved("a", "2027-05-07", "2027-05-10", "HMABCD1234"),
        reserved("b", "2027-05-07", "2027-05-10", "HMABCD1234"),
      ),
    );

    expect(
      [entries, untold, twice].map(({ rows, bad }) => [rows.map(({ start, end }) => `${start} ${end}`), bad]),
    ).toEqual([
      [["2027-05-07 2027-05-10"], []],
      [["2027-05-07 2027-05-10"], []],
      [["2027-05-07 2027-05-10"], []],
    ]);
  });

  test("S54: a turnover on one day is two stays", () => {
    const { rows } = readRows(
      calendar(
        AIRBNB,
        days("a", "2027-05-07", "2027-05-10", "Reserved"),
        days("b", "2027-05-10", "2027-05-11", "Reserved"),
      ),
    );

    expect(rows.map(({ uid }) => uid)).toEqual(["a", "b"]);
  });
});
