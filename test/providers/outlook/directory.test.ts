import { afterEach, beforeEach, expect, test } from "vitest";
import { openOutlookBench } from "../../contract/outlook-bench.ts";
import { codeOf } from "../../contract/trouble.ts";

const ROOM = "room-1@sandbox";
const DAY = { kind: "timed", start: "2027-01-12T00:00:00.000Z", end: "2027-01-13T00:00:00.000Z" } as const;

type Bench = ReturnType<typeof openOutlookBench>;

let bench: Bench;
beforeEach(() => {
  bench = openOutlookBench();
});
afterEach(() => bench.close());

function directory() {
  const { directory: found } = bench.calendar;
  if (found === undefined) throw new Error("Outlook has a directory");
  return found;
}

test("rooms are found page by page, each with its list and seats, and groups that have a mailbox", async () => {
  await bench.stage.arrange("options", { graphPageSize: 5 });

  const found = await directory().list();

  const rooms = found.filter(({ kind }) => kind === "room");
  expect(rooms.length).toBeGreaterThan(5);
  expect(rooms.find(({ id }) => id === ROOM)).toMatchObject({
    name: "Council Chamber",
    list: "Town Hall",
    capacity: 60,
  });
  expect(
    found
      .filter(({ kind }) => kind === "group")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Culture House", "Town Hall"]);
});

test("without the right to read groups the rooms are found all the same; without the right to read places that is said", async () => {
  await bench.stage.fail({ api: "graph", path: "/groups", kinds: ["status=403"], times: null });
  expect((await directory().list()).map(({ kind }) => kind)).not.toContain("group");

  await bench.stage.fail({ api: "graph", path: "/places", kinds: ["status=403"], times: null });
  expect(await codeOf(directory().list())).toBe("PROVIDER_FORBIDDEN");
});

test("when a calendar is taken is told of each alone, and what shows as free takes nothing", async () => {
  const at = { start: "2027-01-12T09:00:00", end: "2027-01-12T10:30:00", timeZone: "UTC" };
  const organizer = { name: "Anna Berg", address: "anna.berg@sandbox" };
  await bench.stage.arrange("graph/book", { room: ROOM, organizer, subject: "Budget", sensitivity: "private", ...at });

  const busy = await directory().busy([ROOM, "nobody@sandbox"], DAY);

  expect(busy.get(ROOM)).toEqual([{ start: "2027-01-12T09:00:00.000Z", end: "2027-01-12T10:30:00.000Z" }]);
  expect([busy.has("nobody@sandbox"), busy.get("nobody@sandbox")]).toEqual([true, undefined]);
});
