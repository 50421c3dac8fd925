import { describe, expect, test } from "vitest";
import type { ImportDoc, ReviewItem } from "../../shared/flows/documents.ts";
import { explain } from "../../shared/flows/explain.ts";
import { resolveReview } from "../../shared/flows/resolve-review.ts";
import type { Studio } from "../flows/studio.ts";
import { compareAll, pass, work } from "./clockwork.ts";
import { expectRooms, openRooms, type Rooms, reservations } from "./meetings.ts";
import { openAlerts } from "./scene.ts";
import { atDesk, CALENDARS, type CalendarName, reserve } from "./town.ts";

const SHOWN = { "google-calendar": "Budget", outlook: "Anna Berg" } as const;

async function importsOf(studio: Studio): Promise<ImportDoc[]> {
  return (await studio.store.query<ImportDoc>({ collection: "imports" })).map(({ data }) => data);
}

async function openReviews(studio: Studio): Promise<string[]> {
  return (await studio.reviews()).filter(({ status }) => status === "open").map(({ kind }) => kind);
}

/** A meeting at ten where the town hall has an event of its own at that time; nobody told Lockstep to show that. */
async function openRefused(
  calendar: CalendarName,
): Promise<Rooms & { readonly eventId: string; readonly other: string }> {
  const rooms = await openRooms(calendar, { policy: { importKind: "booking" } });
  const other = await reserve(rooms.studio, { kind: "booking" }, "notify-lost");
  const eventId = await rooms.invite();
  await work(rooms.studio, rooms.wire);
  rooms.wire.calls();
  return { ...rooms, eventId, other };
}

function operations({ wire }: Rooms): string[] {
  return wire.calls().map(({ operation }) => operation);
}

describe.each(CALENDARS)("a meeting at %s that the booking system refuses", (calendar) => {
  const title = SHOWN[calendar];

  test("stays as it is, is told to a person once, and is not tried on and on", async () => {
    const rooms = await openRefused(calendar);
    const meetings = await rooms.meetings();

    await pass(rooms.studio, 60, rooms.wire);

    expect(operations(rooms)).not.toContain("createReservation");
    expect(await rooms.meetings()).toEqual(expect.arrayContaining(meetings));
    const reviews = await rooms.studio.reviews();
    expect(reviews).toMatchObject([{ kind: "import-refused", status: "open", eventId: rooms.eventId }]);
    expect(reviews[0]?.detail).toContain("its time is taken there");
    expect(JSON.stringify([reviews, rooms.studio.logs])).not.toMatch(/Budget|Anna/);
  });

  test("moved to a free time, it is imported as it is then, and the item closes", async () => {
    const rooms = await openRefused(calendar);

    await rooms.drag(rooms.eventId, "14");
    await work(rooms.studio, rooms.wire);

    const mine = (await reservations(rooms.studio)).find(({ id }) => id !== rooms.other);
    expect((await rooms.meetings()).find(({ id }) => id === rooms.eventId)).toMatchObject({ names: mine?.id });
    expect(mine).toMatchObject({ title, startMs: Date.parse("2027-01-12T14:00:00Z") });
    expect(await openReviews(rooms.studio)).toEqual([]);
  });

  test("once somebody has made room and resolved the item, it is tried again", async () => {
    const rooms = await openRefused(calendar);
    await atDesk(rooms.studio, "cancel", { id: rooms.other });
    await work(rooms.studio, rooms.wire);

    await resolve(rooms);

    const [row] = await reservations(rooms.studio);
    await expectRooms(rooms, [`10:00 ${title} = ${row?.id}`], [`${row?.id} 10:00 ${title}`]);
    expect(await openReviews(rooms.studio)).toEqual([]);
  });

  test("resolved without making room, the item opens again", async () => {
    const rooms = await openRefused(calendar);

    await resolve(rooms);

    expect(await openReviews(rooms.studio)).toEqual(["import-refused"]);
    expect(operations(rooms).filter((operation) => operation === "createReservation")).toHaveLength(1);
  });

  test.each([
    ["told by the calendar", work],
    ["found by the sweep", compareAll],
  ])("deleted by people, its item closes (%s)", async (_, look) => {
    const rooms = await openRefused(calendar);
    if (look !== work) await silence(rooms, calendar);

    await rooms.remove(rooms.eventId);
    await look(rooms.studio, rooms.wire);

    expect(await openReviews(rooms.studio)).toEqual([]);
    expect(await importsOf(rooms.studio)).toMatchObject([{ status: "gone", dirty: false }]);
  });

  test("S55: asked about, it says what became of it", async () => {
    const rooms = await openRefused(calendar);

    const { imported, reviews } = await explain(rooms.studio.world, "loft", rooms.eventId);

    expect(imported).toMatchObject({ status: "refused", rule: "import-meeting", bookingKey: null });
    expect(reviews).toMatchObject([{ kind: "import-refused" }]);
  });
});

describe.each(CALENDARS)("a meeting at %s, the booking system being down", (calendar) => {
  const title = SHOWN[calendar];

  test("S64: waits in the import, is asked for less and less often, and is imported once when it is back", async () => {
    const rooms = await openRooms(calendar);
    const lift = rooms.wire.answer("createReservation", () => new Response(null, { status: 503 }));
    await rooms.invite();
    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 60, rooms.wire);
    const tries = operations(rooms).filter((operation) => operation === "createReservation").length;
    expect(tries).toBeLessThan(40);
    expect(await importsOf(rooms.studio)).toMatchObject([
      { status: "creating", dirty: true, error: { code: "PROVIDER_UNAVAILABLE" } },
    ]);
    expect((await openAlerts(rooms.studio)).map(({ kind }) => kind)).toContain("PROVIDER_UNAVAILABLE");

    lift();
    await pass(rooms.studio, 25, rooms.wire);

    const [row] = await reservations(rooms.studio);
    await expectRooms(rooms, [`10:00 ${title} = ${row?.id}`], [`${row?.id} 10:00 ${title}`]);
    expect(await openAlerts(rooms.studio)).toEqual([]);
  });

  test("the answer lost and the meeting moved meanwhile: the order is sent again as it was, and the move carried after it", async () => {
    const rooms = await openRooms(calendar);
    const eventId = await rooms.invite();
    const lift = rooms.wire.answer("createReservation", () => new Response(null, { status: 503 }));
    await work(rooms.studio, rooms.wire);
    lift();
    rooms.wire.after("createReservation", () => rooms.wire.die());
    await pass(rooms.studio, 5, rooms.wire);
    await rooms.drag(eventId, "14");
    await pass(rooms.studio, 20, rooms.wire);

    const [row] = await reservations(rooms.studio);
    await expectRooms(rooms, [`14:00 ${title} = ${row?.id}`], [`${row?.id} 14:00 ${title}`]);
    expect(await openReviews(rooms.studio)).toEqual([]);
  });

  test("the reservation deleted before its id was known: a person is told, and none is made again by itself", async () => {
    const rooms = await openRooms(calendar);
    await rooms.invite();
    rooms.wire.after("createReservation", async () => {
      const [row] = await reservations(rooms.studio);
      await atDesk(rooms.studio, "delete", { id: row?.id });
      rooms.wire.die();
    });

    await work(rooms.studio, rooms.wire);
    await pass(rooms.studio, 20, rooms.wire);

    expect(await reservations(rooms.studio)).toEqual([]);
    expect((await rooms.meetings()).map(({ names }) => names)).toEqual([undefined]);
    expect(await openReviews(rooms.studio)).toEqual(["import-refused"]);
  });
});

async function resolve({ studio, wire }: Rooms): Promise<void> {
  const [stored] = await studio.store.query<ReviewItem>({ collection: "reviewItems" });
  if (stored === undefined) throw new Error("there is no review item");
  await resolveReview(studio.world, "loft", stored.data.id, "a person");
  await work(studio, wire);
}

/** No push tells of anything. */
async function silence({ studio }: Rooms, calendar: CalendarName): Promise<void> {
  if (calendar === "outlook") await studio.call("POST", "/sandbox/graph/subscriptions", { make: "silent" });
  else await studio.call("POST", "/sandbox/google/channels", { make: "silent" });
}
