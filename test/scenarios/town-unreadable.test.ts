import { describe, expect, test } from "vitest";
import type { Json } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { drag, shownIn } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, eventOf, expectBoth, openTown, ROOM_1, reservationOf, reserve, rowOf } from "./town.ts";

const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const THREE = { start: "2027-01-13T15:00:00Z", end: "2027-01-13T16:00:00Z" };

type Rewrite = (object: Json) => Json;

/** What an API answers, each object in it rewritten. */
function rewriting(api: "graph" | "google" | "booking", rewrite: () => Rewrite) {
  return (sandbox: typeof fetch): typeof fetch =>
    async (input, init) => {
      const answer = await sandbox(input, init);
      if (!String(input).includes(`/${api}/`) || !answer.ok || answer.status === 204) return answer;
      const text = await answer.text();
      if (!text.startsWith("{")) return new Response(text, answer);
      return new Response(JSON.stringify(eachObject(JSON.parse(text), rewrite())), answer);
    };
}

function eachObject(value: unknown, rewrite: Rewrite): unknown {
  if (Array.isArray(value)) return value.map((each) => eachObject(each, rewrite));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, each]) => [name, eachObject(each, rewrite)]);
  return rewrite(Object.fromEntries(entries));
}

const same: Rewrite = (object) => object;

describe.each(CALENDARS)("on %s", (calendar) => {
  test("S41: an event of no length is set aside alone, the others go on; mended, it goes on itself", async () => {
    const { studio, wire, id, eventId } = await openTown({ calendar });
    const other = await reserve(studio, NOON);
    await work(studio, wire);
    const { id: otherEvent } = await eventOf(studio, ROOM_1, other);

    await drag(studio, eventId, "2027-01-12T15:00:00", "2027-01-12T15:00:00");
    await drag(studio, otherEvent, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    await work(studio, wire);

    expect((await rowOf(studio, other)).startMs).toBe(Date.parse(THREE.start));
    expect(await rowOf(studio, id)).toMatchObject({ version: 1, active: true });
    const [review, ...others] = (await studio.reviews()).filter(({ status }) => status === "open");
    expect(others).toEqual([]);
    expect(review).toMatchObject({ kind: "quarantined", eventId });
    expect(review?.detail).toContain("its end is not after its start");
    await expectCalm(studio, wire);

    await drag(studio, eventId, "2027-01-12T12:00:00", "2027-01-12T13:00:00");
    await work(studio, wire);
    await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`, `${other} room-1 ${AT_THREE} Choir`]);
    expect(await openReviews(studio)).toEqual([]);
  });

  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/Oslo" });
  test.each([
    { what: "that ends before it starts", change: { end: at("2027-01-12T11:00:00Z") } },
    { what: "of no length", change: { end: at("2027-01-12T12:00:00Z") } },
    { what: "without an end", change: { end: null } },
    { what: "whose start is no time", change: { start: at("soon") } },
    { what: "in the year 9999", change: { start: at("9999-01-12T12:00:00Z"), end: at("9999-01-12T13:00:00Z") } },
  ])(
    "S41: a reservation $what is set aside alone, the others are shown; mended, it is shown too",
    async ({ change }) => {
      let isBad = true;
      const broken: Rewrite = (object) => (object["title"] === "Bad" ? { ...object, ...change } : object);
      const { studio, wire, id } = await openTown({
        calendar,
        fetch: rewriting("booking", () => (isBad ? broken : same)),
      });
      const bad = await reserve(studio, { ...NOON, title: "Bad" }, "notify-lost");
      const good = await reserve(studio, THREE, "notify-lost");

      await pass(studio, 10, wire);

      expect((await shownIn(studio, ROOM_1)).map(reservationOf).sort()).toEqual([id, good].sort());
      const reviews = await studio.reviews();
      expect(reviews).toMatchObject([{ kind: "quarantined", id: `quarantined~booking:${bad}` }]);
      expect(JSON.stringify(reviews)).not.toContain("Bad");
      await expectCalm(studio, wire);

      isBad = false;
      await atDesk(studio, "edit", { id: bad, description: "mended" });
      await pass(studio, 10, wire);
      expect((await eventOf(studio, ROOM_1, bad)).start).toBe("2027-01-12T12:00:00");
      expect(await openReviews(studio)).toEqual([]);
    },
  );

  test("S41: an event whose title is null keeps its reservation and its words", async () => {
    let isBad = false;
    const nulled: Rewrite = (object) => ({
      ...object,
      ...("subject" in object && { subject: null }),
      ...("summary" in object && { summary: null }),
    });
    const api = calendar === "outlook" ? "graph" : "google";
    const { studio, wire, id, eventId } = await openTown({
      calendar,
      fetch: rewriting(api, () => (isBad ? nulled : same)),
    });
    isBad = true;

    await drag(studio, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    await work(studio, wire);
    await pass(studio, 20, wire);

    expect(wire.writes()).toEqual(["changeReservation"]);
    expect(await rowOf(studio, id)).toMatchObject({ title: "Choir", startMs: Date.parse(THREE.start) });
  });
});

describe("zones of Outlook's", () => {
  const zones = ["tzone://Microsoft/Custom", "Customized Time Zone", "Middle-earth Standard Time"];

  test.each(zones)(
    "S40: an event made in %s has its times in UTC beside it: it moves its reservation",
    async (zone) => {
      const odd: Rewrite = (object) =>
        "originalStartTimeZone" in object
          ? { ...object, originalStartTimeZone: zone, originalEndTimeZone: zone }
          : object;
      const { studio, wire, id, eventId } = await openTown({
        calendar: "outlook",
        fetch: rewriting("graph", () => odd),
      });

      await drag(studio, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
      await work(studio, wire);

      await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
      expect(wire.writes()).toEqual(["changeReservation"]);
      await expectCalm(studio, wire);
    },
  );

  test.each(zones)(
    "S40: an event whose only zone is %s is set aside alone, and goes on when it can be read",
    async (zone) => {
      let isOdd = false;
      const odd: Rewrite = (object) => {
        const time = (value: unknown) => ({ ...(value as Json), timeZone: zone });
        if (object["subject"] !== "Odd") return object;
        return { ...object, start: time(object["start"]), end: time(object["end"]), originalStartTimeZone: zone };
      };
      const { studio, wire, id, eventId } = await openTown({
        calendar: "outlook",
        fetch: rewriting("graph", () => (isOdd ? odd : same)),
      });
      const other = await reserve(studio, { ...NOON, title: "Odd" });
      await work(studio, wire);
      const { id: otherEvent } = await eventOf(studio, ROOM_1, other);
      isOdd = true;

      await drag(studio, otherEvent, "2027-01-14T12:00:00", "2027-01-14T13:00:00");
      await drag(studio, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
      await work(studio, wire);
      await pass(studio, 20, wire);

      expect(await rowOf(studio, other)).toMatchObject({ version: 1, active: true });
      expect((await rowOf(studio, id)).startMs).toBe(Date.parse(THREE.start));
      expect((await studio.reviews()).map(({ kind, eventId }) => `${kind} ${eventId}`)).toEqual([
        `quarantined ${otherEvent}`,
      ]);
      await expectCalm(studio, wire);

      isOdd = false;
      await drag(studio, otherEvent, "2027-01-14T14:00:00", "2027-01-14T15:00:00");
      await work(studio, wire);
      await pass(studio, 20, wire);
      expect((await rowOf(studio, other)).startMs).toBe(Date.parse("2027-01-14T14:00:00Z"));
      expect(await openReviews(studio)).toEqual([]);
    },
  );
});
