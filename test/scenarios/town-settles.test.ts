import { describe, expect, test } from "vitest";
import type { Json } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { drag, dragIn } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, eventOf, expectBoth, openTown, ROOM_1, reserve, rowOf, type Town } from "./town.ts";

const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };
const FOUR = { start: "2027-01-13T16:00:00Z", end: "2027-01-13T17:00:00Z" };

/** An Exchange that keeps of words what suits it: more than the sandbox's does by itself. */
function tidying(sandbox: typeof fetch): typeof fetch {
  return (input, init) => {
    const writes = init?.method === "POST" || init?.method === "PATCH";
    if (!writes || !/\/graph\/.*\/events(\/|$)/.test(String(input))) return sandbox(input, init);
    const sent = JSON.parse(String(init?.body));
    const { subject, body } = sent;
    const tidied = {
      ...sent,
      ...(subject === undefined ? {} : { subject: plain(subject).trim().slice(0, 255) }),
      ...(body === undefined
        ? {}
        : { body: { ...body, content: `${plain(body.content).replaceAll("\n", "\r\n")}\r\n` } }),
    };
    return sandbox(input, { ...init, body: JSON.stringify(tidied) });
  };
}

function plain(text: string): string {
  return [...text].filter((each) => each === "\n" || each >= " ").join("");
}

/** Echo, polls and sweeps of half an hour: these writes, not one more, nothing taken for an edit. */
async function expectSettled({ studio, wire }: Town, writes: readonly string[]): Promise<void> {
  await work(studio, wire);
  await pass(studio, 30, wire);
  expect(wire.writes()).toEqual(writes);
  expect(await openReviews(studio)).toEqual([]);
  const journal = (await studio.maps()).flatMap((map) => map.journal);
  expect(journal.flatMap(({ kept, lost }) => [...kept, ...lost])).toEqual([]);
}

const WORDS: readonly { readonly name: string; readonly words: Json; readonly shown?: string }[] = [
  { name: "surrounding space of a title", words: { title: "  Band \n" }, shown: "Band" },
  { name: "surrounding space of a text", words: { description: " \n two pianos \n " } },
  { name: "line ends", words: { description: "one\r\ntwo\r\nthree" } },
  { name: "control characters", words: { title: "Ba\u0007nd", description: "two\u0000 pianos\u0001" }, shown: "Band" },
  { name: "what looks like HTML", words: { description: "<b>two</b> & <i>pianos</i><script>alert(1)</script>" } },
  { name: "text that is only space", words: { description: " \t\n" } },
  { name: "no words at all", words: { title: "", description: "" } },
  { name: "a very long title", words: { title: "Band ".repeat(80) } },
];

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = () => openTown({ calendar, fetch: tidying });

  test.each(WORDS)(
    "S24: $name: one write makes the event, none follows, nor after a change on either side",
    async ({ words }) => {
      const town = await open();
      const { studio } = town;

      const id = await reserve(studio, { ...NOON, ...words });
      await expectSettled(town, ["events.insert"]);
      const booked = await rowOf(studio, id);
      const event = await eventOf(studio, ROOM_1, id);

      await atDesk(studio, "move", { id, ...FOUR });
      await expectSettled(town, ["events.patch"]);
      expect(await eventOf(studio, ROOM_1, id)).toMatchObject({ id: event.id, title: event.title });

      await drag(studio, event.id, "2027-01-14T09:00:00", "2027-01-14T10:00:00");
      await expectSettled(town, ["changeReservation"]);
      const { title, description } = booked as unknown as Json;
      expect(await rowOf(studio, id)).toMatchObject({ version: 3, title, description });
    },
  );

  test.each(["Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Europe/Kiev", "America/Argentina/Buenos_Aires"])(
    "S24: dragged from %s, a name that calendars rewrite, the reservation moves once",
    async (zone) => {
      const town = await open();
      const { studio, wire, id, eventId } = town;

      await dragIn(studio, zone, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
      await expectSettled(town, ["changeReservation"]);

      const { start, end } = await eventOf(studio, ROOM_1, id);
      await expectBoth(studio, [`${id} room-1 ${start} ${end} Choir`]);
      expect(start).not.toContain("15:00");
      await atDesk(studio, "edit", { id, title: "Band" });
      await expectSettled(town, ["events.patch"]);
      await expectBoth(studio, [`${id} room-1 ${start} ${end} Band`]);
      await expectCalm(studio, wire);
    },
  );
});
