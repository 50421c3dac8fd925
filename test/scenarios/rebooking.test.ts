import { expect, test, vi } from "vitest";
import { BAY_1 } from "../flows/studio.ts";
import { openBooked as openOne } from "./booked.ts";
import { pass, work } from "./clockwork.ts";
import { atEveryStep, type Scene } from "./every-step.ts";
import { breakCalls, mendCalls } from "./scene.ts";
import { bookedLines, expectBothSides, expectCalm, expectTimes, openReviews, shownLines, withoutId } from "./sides.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 60_000 });

interface Booked extends Scene {
  readonly id: string;
  readonly eventId: string;
  /** True where USchedule refused what the guest tried. */
  refused: boolean;
}

/** A booking at ten on bay 1, on both sides. */
async function openBooked(policy: Record<string, unknown> = {}): Promise<Booked> {
  return { ...(await openOne(policy)), refused: false };
}

const OLD = "410001 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00";

const DRAGS = [
  { to: "another day", start: "2027-01-13T15:00:00", end: "2027-01-13T16:00:00" },
  { to: "half an hour later, over its own old slot", start: "2027-01-12T10:30:00", end: "2027-01-12T11:30:00" },
] as const;
const OVERLAPPING = DRAGS[1];
const MOVED = `410002 bay 1 ${OVERLAPPING.start} ${OVERLAPPING.end}`;
type Drag = (typeof DRAGS)[number];

function dragTo({ start, end }: Drag) {
  return ({ studio, eventId }: Booked) => studio.drag(BAY_1, eventId, start, end);
}

/** A guest cancels what they had, or is told that it is cancelled already. */
async function cancelOld(scene: Booked, fault = ""): Promise<void> {
  const headers: Record<string, string> = fault === "" ? {} : { "x-sandbox-fault": fault };
  await scene.studio.call("POST", "/sandbox/uschedule/cancel", { id: scene.id }, headers).catch(() => {
    scene.refused = true;
  });
}

for (const drag of DRAGS) {
  for (const fault of ["", "notify-lost"]) {
    const told = fault === "" ? "" : " and no webhook tells";
    test(`S62: a guest cancels at any step of the move to ${drag.to}${told}: cancel wins, the slot stays free`, async () => {
      const steps = await atEveryStep({
        open: () => openBooked(),
        begin: dragTo(drag),
        meanwhile: (scene) => cancelOld(scene, fault),
        end: async (scene) => {
          const moved = `410002 bay 1 ${drag.start} ${drag.end}`;
          await expectBothSides(scene.studio, scene.refused ? [moved] : []);
          await expectCalm(scene.studio, scene.wire);
        },
      });

      expect(steps).toBeGreaterThan(20);
    });
  }

  test(`S62: a guest cancels the newest they see at any step of the move to ${drag.to}: it is not booked again`, async () => {
    await atEveryStep({
      open: async () => ({ ...(await openBooked()), nothingThere: false }),
      begin: dragTo(drag),
      meanwhile: async (scene) => {
        const id = (await bookedLines(scene.studio)).at(-1)?.split(" ")[0];
        scene.nothingThere = id === undefined;
        if (id !== undefined) await scene.studio.staff("cancel", { id });
      },
      end: async ({ studio, wire, nothingThere }) => {
        expect(wire.writes().filter((each) => each === "bookit").length).toBeLessThanOrEqual(1);
        if (nothingThere) return expectBothSides(studio, [`410002 bay 1 ${drag.start} ${drag.end}`]);
        const asked = (await openReviews(studio)).includes("rebooking-failed uschedule:410001");
        await expectBothSides(studio, asked ? [OLD] : []);
        await expectCalm(studio, wire);
      },
    });
  });
}

for (const drag of DRAGS) {
  test(`S62: the worker dies at any step of the move to ${drag.to}, and the guest cancels before it comes again`, async () => {
    let unsure = 0;
    await atEveryStep({
      open: () => openBooked(),
      begin: dragTo(drag),
      meanwhile: async (scene) => {
        await cancelOld(scene);
        scene.wire.die();
      },
      end: async ({ studio, wire, refused }) => {
        // Taken up again, our own cancellation and the guest's look the same: then a person is asked.
        const asked = (await openReviews(studio)).includes("cancelled-while-moving uschedule:410001");
        if (asked && !refused) unsure += 1;
        await expectBothSides(studio, refused || asked ? [`410002 bay 1 ${drag.start} ${drag.end}`] : []);
        await expectCalm(studio, wire);
      },
    });

    expect(unsure).toBeLessThanOrEqual(3);
  });
}

for (const drag of DRAGS) {
  test(`S64: the calendar is out of reach at the end of the move to ${drag.to}: it is finished later, nobody is asked`, async () => {
    const { studio, wire, eventId } = await openBooked();
    await dragTo(drag)({ studio, wire, eventId, id: "", refused: false });
    await breakCalls(studio, { api: "google", kinds: ["status=503"], method: "PATCH", times: 10 });
    await work(studio, wire);
    const meanwhile = await bookedLines(studio);
    await mendCalls(studio);
    await pass(studio, 11, wire);

    expect(meanwhile).toEqual([`410002 bay 1 ${drag.start} ${drag.end}`]);
    await expectBothSides(studio, meanwhile);
    expect(await openReviews(studio)).toEqual([]);
    await expectCalm(studio, wire);
  });
}

test("S62: the worker dies at any step of a move, staff cancel one of the two bookings they see: the guest keeps the other", async () => {
  let ofTwo = 0;
  await atEveryStep({
    open: async () => ({ ...(await openBooked()), left: undefined as string | undefined }),
    begin: dragTo(DRAGS[0]),
    meanwhile: async (scene) => {
      const [old, booked] = await bookedLines(scene.studio);
      if (booked !== undefined) {
        scene.left = old;
        await scene.studio.staff("cancel", { id: booked.split(" ")[0] });
      }
      scene.wire.die();
    },
    end: async ({ studio, wire, left }) => {
      if (left !== undefined) {
        ofTwo += 1;
        await expectBothSides(studio, [left]);
      }
      await expectCalm(studio, wire);
    },
  });

  expect(ofTwo).toBeGreaterThan(3);
});

test("S62: the worker dies at any step of a move, staff reschedule what it booked and remove the old one: its event goes with it", async () => {
  let ofTwo = 0;
  await atEveryStep({
    open: async () => {
      const scene = await openBooked({ absentListings: 2 });
      await pass(scene.studio, 6, scene.wire);
      return { ...scene, isOfTwo: false };
    },
    begin: dragTo(DRAGS[0]),
    meanwhile: async (scene) => {
      const [old, booked] = await bookedLines(scene.studio);
      if (old !== undefined && booked !== undefined) {
        scene.isOfTwo = true;
        await scene.studio.staff("reschedule", { id: booked.split(" ")[0], StartTime: "2027-01-14T09:00:00" });
        await scene.studio.staff("remove", { id: old.split(" ")[0] });
      }
      scene.wire.die();
    },
    end: async ({ studio, wire, isOfTwo }) => {
      if (isOfTwo) {
        ofTwo += 1;
        await expectBothSides(studio, ["410003 bay 1 2027-01-14T09:00:00 2027-01-14T10:00:00"]);
      }
      await expectCalm(studio, wire);
    },
  });

  expect(ofTwo).toBeGreaterThan(3);
});

test("S63: staff make the new booking longer at any step of a move over the old slot: the guest keeps it", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: dragTo(OVERLAPPING),
    meanwhile: async ({ studio }) => {
      const id = (await bookedLines(studio)).at(-1)?.split(" ")[0];
      if (id !== undefined) await studio.staff("edit", { id, ServiceLength: 90 });
    },
    end: async ({ studio, wire }) => {
      expect(await bookedLines(studio)).toHaveLength(1);
      await expectBothSides(studio, await bookedLines(studio));
      await expectCalm(studio, wire);
    },
  });
});

test("S63: a move over its own old slot is carried out with policy 'rebook': the old one goes first", async () => {
  const scene = await openBooked({ overlappingMove: "rebook" });

  await dragTo(OVERLAPPING)(scene);
  await work(scene.studio, scene.wire);

  expect(scene.wire.writes()).toEqual(["cancelappointment", "bookit", "events.patch"]);
  await expectBothSides(scene.studio, [MOVED]);
  expect((await scene.studio.events(BAY_1)).map(({ id }) => id)).toEqual([scene.eventId]);
  expect(await openReviews(scene.studio)).toEqual([]);
  await expectCalm(scene.studio, scene.wire);
});

test("S63: a move over its own old slot is put back and asked about with policy 'ask'", async () => {
  const scene = await openBooked({ overlappingMove: "ask" });

  await dragTo(OVERLAPPING)(scene);
  await work(scene.studio, scene.wire);

  expect(scene.wire.writes()).toEqual(["events.patch"]);
  await expectBothSides(scene.studio, [OLD]);
  expect(await openReviews(scene.studio)).toEqual(["slot-taken uschedule:410001"]);
  const [review] = await scene.studio.reviews();
  expect(review?.lost).toMatchObject([
    { side: "calendar", field: "span", value: { span: { start: "2027-01-12T10:30:00.000Z" } } },
  ]);
  await expectCalm(scene.studio, scene.wire);
});

test("S63: with policy 'ask' a move that leaves the old slot is carried out as ever", async () => {
  const scene = await openBooked({ overlappingMove: "ask" });

  await dragTo(DRAGS[0])(scene);
  await work(scene.studio, scene.wire);

  await expectBothSides(scene.studio, [`410002 bay 1 ${DRAGS[0].start} ${DRAGS[0].end}`]);
});

test("S63: where somebody else holds a part of the new time, nothing is given up", async () => {
  const scene = await openBooked();
  const other = await scene.studio.book(1, "2027-01-12T11:00:00");
  await work(scene.studio, scene.wire);
  scene.wire.calls();

  await dragTo(OVERLAPPING)(scene);
  await work(scene.studio, scene.wire);

  expect(scene.wire.writes()).toEqual(["events.patch"]);
  await expectBothSides(scene.studio, [OLD, `${other} bay 1 2027-01-12T11:00:00 2027-01-12T12:00:00`]);
  expect(await openReviews(scene.studio)).toEqual(["slot-taken uschedule:410001"]);
});

test("S63: somebody else takes the new time at any step: moved, or everything back as it was and asked", async () => {
  let lost = 0;
  await atEveryStep({
    open: () => openBooked(),
    begin: dragTo(OVERLAPPING),
    meanwhile: async (scene) => {
      await scene.studio.book(1, "2027-01-12T11:00:00", { CustomerName: "Ines Ferreira" }).catch(() => {
        scene.refused = true;
      });
    },
    end: async ({ studio, wire, refused }) => {
      const booked = await bookedLines(studio);
      const shown = await shownLines(studio);
      expect(shown).toEqual(booked);
      const times = booked.map(withoutId).sort();
      if (refused) expect(times).toEqual([withoutId(MOVED)]);
      else {
        lost += 1;
        expect(times).toEqual([withoutId(OLD), "bay 1 2027-01-12T11:00:00 2027-01-12T12:00:00"]);
        expect(await openReviews(studio)).toEqual(["slot-taken uschedule:410001"]);
        expect((await studio.events(BAY_1)).map(({ summary }) => summary).sort()).toEqual([
          "Ines Ferreira",
          "Maya Lindqvist",
        ]);
      }
      await expectCalm(studio, wire);
    },
  });

  expect(lost).toBeGreaterThan(5);
});

test("S63: the worker dies at any step of a move over the old slot: moved once, one booking, one event", async () => {
  await atEveryStep({
    open: () => openBooked(),
    begin: dragTo(OVERLAPPING),
    meanwhile: ({ wire }) => wire.die(),
    end: async ({ studio, wire }) => {
      await expectTimes(studio, [withoutId(MOVED)]);
      expect(await studio.appointments()).toHaveLength(2);
      await expectCalm(studio, wire);
    },
  });
});

test("S63: where both the new and the old time are lost in the middle, a person is asked at once, and nothing is booked later", async () => {
  const scene = await openBooked();
  const { studio, wire } = scene;
  const other = { CustomerName: "Ines Ferreira" };
  wire.after("cancelappointment", async () => {
    await studio.book(1, "2027-01-12T10:00:00", other);
    await studio.book(1, "2027-01-12T11:00:00", other);
  });

  await dragTo(OVERLAPPING)(scene);
  await work(studio, wire);

  expect(await openReviews(studio)).toEqual(["rebooking-failed uschedule:410001"]);
  const [review] = await studio.reviews();
  expect(review?.detail).toContain("no booking now");
  expect(review?.lost?.map(({ value }) => value.span?.start)).toEqual([
    "2027-01-12T10:30:00.000Z",
    "2027-01-12T10:00:00.000Z",
  ]);
  wire.calls();
  await studio.staff("cancel", { id: "410003" });
  await pass(studio, 120, wire);
  expect(wire.writes()).toEqual(["events.delete"]);
  await expectBothSides(studio, ["410002 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
});

test("S63: where the source refuses the new time after the old one was given up, everything is back as it was and asked", async () => {
  const scene = await openBooked();
  const { studio, wire } = scene;
  const refusal = { api: "uschedule", path: "bookit", kinds: ["status=400"], times: 1 };
  await studio.call("POST", "/sandbox/faults", { rules: [refusal] });

  await dragTo(OVERLAPPING)(scene);
  await work(studio, wire);

  await expectTimes(studio, [withoutId(OLD)]);
  expect(await openReviews(studio)).toEqual(["slot-taken uschedule:410001"]);
  await expectCalm(studio, wire);
});

test("S63: a move that the source refuses elsewhere is put back and asked about, and the old booking never given up", async () => {
  const scene = await openBooked();
  const { studio, wire } = scene;
  const refusal = { api: "uschedule", path: "bookit", kinds: ["status=400"] };
  await studio.call("POST", "/sandbox/faults", { rules: [refusal] });

  await dragTo(DRAGS[0])(scene);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["events.patch"]);
  await expectBothSides(studio, [OLD]);
  expect(await openReviews(studio)).toEqual(["time-not-writable uschedule:410001"]);
  await expectCalm(studio, wire);
});
