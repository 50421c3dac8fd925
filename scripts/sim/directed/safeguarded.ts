import { ASKS, LISTED, wait } from "./deeds.ts";
import type { Story, StoryStep } from "./story.ts";

/** Moves that are cut off at one step; `interrupted-moves.ts` goes through all the steps, one or two faults at a time. */
const CUT_OFF_MOVES: readonly Story[] = [
  {
    name: "a worker is held up while it reads both bookings of a move, nobody takes over, and staff move the old one",
    cells: ["same × changed"],
    troubles: ["call:stall", "read:unavailable"],
    steps: [
      LISTED,
      { deed: "drag", slot: 14, always: "getapiappointments", seconds: 20 },
      { deed: "wait", always: "sweep", seconds: 255 },
      { deed: "move", slot: 20, notice: "notify-lost", always: "eventMaps" },
      wait(10),
    ],
  },
  {
    name: "a worker dies over a move, and staff reschedule what it booked and write over its notes",
    cells: ["same × changed"],
    troubles: ["call:die-before"],
    steps: [
      LISTED,
      { deed: "drag", slot: 14, always: "cancelappointment", seconds: 4 },
      { deed: "reschedule", pick: 0.99, slot: 22, seconds: 1 },
      { deed: "annotate", pick: 0.99, other: 8 },
      wait(10),
    ],
  },
  {
    name: "a worker dies over a move, staff reschedule what it booked and move the old one, and the next worker dies over asking",
    cells: ["same × changed"],
    troubles: ["call:die-before", "commit:die-before"],
    steps: [
      LISTED,
      { deed: "drag", slot: 14, always: "cancelappointment", seconds: 4 },
      { deed: "reschedule", pick: 0.99, slot: 22, seconds: 1 },
      { deed: "move", slot: 30, always: "reviewItems", seconds: 420 },
      wait(20),
    ],
  },
  {
    name: "what was booked for a move vanishes after its worker died over the event's new name",
    cells: ["same × changed"],
    troubles: ["call:die-after"],
    steps: [LISTED, { deed: "drag", slot: 14, always: "PATCH", seconds: 4 }, { deed: "vanish", pick: 0.99 }, wait(20)],
  },
  {
    name: "a booking gets another room, and is rescheduled unheard, as another of its guest is, before the first room is told",
    cells: ["new × none"],
    troubles: ["deliver:late"],
    steps: [
      { ...LISTED, seconds: 1 },
      { ...LISTED, slot: 20 },
      { deed: "change-resource", other: 1, always: "sync", seconds: 40 },
      { deed: "reschedule", slot: 22, notice: "notify-lost", seconds: 0 },
      { deed: "reschedule", slot: 26, notice: "notify-lost" },
      wait(20),
    ],
  },
];

/** Reads and writes of one event, not lists. */
const ONE_EVENT_OF_THE_FIRST_ROOM = "loft-bay-1%40sandbox/events/lockstep";

/** What only a safeguard prevents: reached by chance once in thousands of histories. */
export const SAFEGUARDED: readonly Story[] = [
  {
    name: "every message of a drag is delivered twice, while its first worker moves the booking",
    cells: ["same × changed"],
    troubles: ["deliver:double"],
    steps: [
      LISTED,
      ...[14, 18, 22, 26, 30, 34].map((slot): StoryStep => ({ deed: "drag", slot, always: "sync", seconds: 40 })),
      wait(10),
    ],
  },
  {
    name: "a pull is held up before it tells what it listed, and staff move the booking meanwhile",
    cells: ["changed × changed"],
    troubles: ["call:stall"],
    steps: [
      LISTED,
      { deed: "describe", other: 7, always: "calendar-pull", seconds: 20 },
      { deed: "move", slot: 20, seconds: 400 },
      wait(10),
    ],
  },
  {
    name: "the source is out while a carried event's booking is given up, and the new one is told of",
    cells: ["same × moved"],
    troubles: ["call:status=503"],
    steps: [LISTED, { deed: "carry-over", always: "cancelappointment", seconds: 10 }, wait(20)],
  },
  {
    name: "a worker is held up over a move, another finishes it, and somebody drags the event on before the first wakes up",
    cells: ["same × changed"],
    troubles: ["commit:stall"],
    steps: [
      LISTED,
      { deed: "drag", slot: 14, always: "bookings+eventMaps", seconds: 3 },
      { deed: "wait", seconds: 312 },
      { deed: "drag", slot: 18 },
      wait(10),
    ],
  },
  {
    name: "a worker dies over the removal of a cancelled booking's event, and the booking is re-enabled",
    cells: ["cancelled × same"],
    troubles: ["call:die-after"],
    steps: [LISTED, { deed: "cancel", always: "DELETE", seconds: 1 }, { deed: "re-enable" }, wait(15)],
  },
  {
    name: "a worker is held up before it cancels for a deleted event, which somebody takes back from the bin",
    cells: ["same × deleted"],
    troubles: ["commit:stall"],
    steps: [LISTED, { deed: "delete", always: "eventMaps", seconds: 3 }, { deed: "recreate", seconds: 600 }, wait(10)],
  },
  {
    name: "a person is asked of a deleted event, which somebody takes back from the bin unheard, and the booking is renamed",
    cells: ["same × deleted"],
    policy: ASKS,
    steps: [
      LISTED,
      { deed: "delete", seconds: 20 },
      { deed: "recreate", notice: "notify-lost", seconds: 1 },
      { deed: "rename", other: 7 },
      wait(10),
    ],
  },
  ...(
    [
      ["cannot be read", "status=503"],
      ["is not found", "no-access"],
    ] as const
  ).map(
    ([what, fault]): Story => ({
      name: `an event is dragged while the source is out, and ${what} when it is tried again, though its calendar is listed`,
      cells: ["same × changed"],
      troubles: [`call:${fault}`],
      steps: [
        LISTED,
        { deed: "outage", other: 38, seconds: 10 },
        { deed: "drag", slot: 14, seconds: 1_000 },
        { deed: "wait", always: ONE_EVENT_OF_THE_FIRST_ROOM, seconds: 2_400 },
        wait(20),
      ],
    }),
  ),
  ...CUT_OFF_MOVES,
];
