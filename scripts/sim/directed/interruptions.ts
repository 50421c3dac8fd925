import { book, LATER, LISTED } from "./deeds.ts";
import type { StoryStep } from "./story.ts";

/** A deed for which Lockstep writes, and what people may do before it is done with that. */
export interface Interruption {
  readonly name: string;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly before: readonly StoryStep[];
  readonly deed: StoryStep;
  readonly meanwhile: readonly (readonly StoryStep[])[];
}

const MARKS = { cancellation: "mark" } as const;
const OTHER_ROOM: StoryStep = { deed: "change-resource", other: 1 };
const FORMER_ROOM: StoryStep = { deed: "change-resource", other: 0 };
/** Staff write over the notes of what was booked last: nobody sees by them any more that it is half of a move. */
const NOTED: StoryStep = { deed: "annotate", pick: 0.999, other: 1, seconds: 20 };

/** Events that are removed, struck out, revived, taken in or carried. */
export const REMOVALS: readonly Interruption[] = [
  {
    name: "a booking is cancelled",
    before: [LISTED],
    deed: { deed: "cancel" },
    meanwhile: [[{ deed: "re-enable" }], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is struck out",
    policy: MARKS,
    before: [LISTED],
    deed: { deed: "cancel" },
    meanwhile: [[{ deed: "re-enable" }], [{ deed: "delete" }]],
  },
  {
    name: "a struck-out event is revived",
    policy: MARKS,
    before: [LISTED, { deed: "cancel" }],
    deed: { deed: "re-enable" },
    meanwhile: [[{ deed: "cancel" }], [OTHER_ROOM], [{ deed: "unmark" }], [{ deed: "delete" }]],
  },
  {
    name: "a booking gets another room",
    before: [LISTED],
    deed: OTHER_ROOM,
    meanwhile: [[FORMER_ROOM], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is carried to another room",
    before: [LISTED],
    deed: { deed: "carry-over" },
    meanwhile: [[{ deed: "unmark" }], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is taken back from the bin, staff having its booking take place again",
    before: [LISTED, { deed: "delete", seconds: 65 }, { deed: "re-enable", notice: "notify-lost", seconds: 5 }],
    deed: { deed: "recreate" },
    meanwhile: [[{ deed: "delete" }], [{ deed: "unmark" }], [{ deed: "carry-over" }]],
  },
  {
    name: "an event is dragged",
    before: [LISTED],
    deed: { deed: "drag", slot: 14 },
    meanwhile: [
      [NOTED, { deed: "unmark" }],
      [NOTED, { deed: "delete" }],
    ],
  },
];

const STAFF: readonly StoryStep[] = [
  { deed: "cancel" },
  { deed: "move", slot: 20 },
  OTHER_ROOM,
  FORMER_ROOM,
  { deed: "rename", other: 7 },
  { deed: "annotate", other: 8 },
  { deed: "reschedule", slot: 22 },
  { deed: "lengthen", other: 5 },
  { deed: "vanish" },
];

/** Done to the old booking, to the new one, and to the event; or nothing. */
const WHILE_MOVED: readonly (readonly StoryStep[])[] = [
  { deed: "wait" },
  ...STAFF.flatMap((step) => [step, { ...step, pick: 0.999 }]),
  { deed: "drag", slot: 26 },
  { deed: "delete" },
  { deed: "retitle", other: 3 },
  { deed: "carry-over" },
  { deed: "unmark" },
].map((step) => [step]);

/** An hour in the first room. */
const AN_HOUR: StoryStep = { ...LISTED, other: 2 };

/** Bookings that go after their event, at a source that knows no update. */
export const MOVES: readonly Interruption[] = [
  { name: "an event is dragged", deed: { deed: "drag", slot: 14 } },
  // It overlaps its own old time: the old booking is given up first.
  { name: "an event is dragged by half an hour", deed: { deed: "nudge" } },
  { name: "an event is carried to another room", deed: { deed: "carry-over" } },
].map((move) => ({ ...move, before: [AN_HOUR], meanwhile: WHILE_MOVED }));

const CANCEL: StoryStep = { deed: "cancel" };
const DELETE: StoryStep = { deed: "delete" };
const DRAG: StoryStep = { deed: "drag", slot: 14 };
const CARRY: StoryStep = { deed: "carry-over" };
const UNMARK: StoryStep = { deed: "unmark" };
const MOVE: StoryStep = { deed: "move", slot: 20 };
const RESCHEDULE: StoryStep = { deed: "reschedule", slot: 22 };
const TAKE_BACK: StoryStep = { deed: "recreate" };
const RE_ENABLE: StoryStep = { deed: "re-enable" };

/** What one side makes, changes or takes back, while people do something on the other, or on the same. */
export const CHANGES: readonly Interruption[] = [
  {
    name: "a booking is made",
    before: [],
    deed: book(LATER),
    meanwhile: [CANCEL, DELETE, OTHER_ROOM, CARRY, UNMARK, DRAG, MOVE, RESCHEDULE].map((step) => [step]),
  },
  {
    name: "staff move a booking",
    before: [LISTED],
    deed: MOVE,
    meanwhile: [CANCEL, DELETE, OTHER_ROOM, CARRY, UNMARK, DRAG, { ...MOVE, slot: 30 }, RESCHEDULE].map((step) => [
      step,
    ]),
  },
  {
    name: "staff reschedule a booking",
    before: [LISTED],
    deed: RESCHEDULE,
    meanwhile: [
      ...[CANCEL, OTHER_ROOM, MOVE].map((step) => [{ ...step, pick: 0.999 }]),
      ...[DELETE, CARRY, UNMARK, DRAG, RE_ENABLE].map((step) => [step]),
    ],
  },
  ...[{}, { calendarDeletion: "restore" }].map((policy) => ({
    name: `an event is deleted (${Object.values(policy).join() || "cancel"})`,
    policy,
    before: [LISTED],
    deed: DELETE,
    meanwhile: [TAKE_BACK, CANCEL, MOVE, OTHER_ROOM, RESCHEDULE].map((step) => [step]),
  })),
  {
    name: "a cancelled booking is taken back by staff",
    before: [LISTED, CANCEL],
    deed: RE_ENABLE,
    meanwhile: [TAKE_BACK, CANCEL, MOVE, OTHER_ROOM, DELETE].map((step) => [step]),
  },
  {
    name: "the event of a cancelled booking is taken back from the bin",
    before: [LISTED, CANCEL],
    deed: TAKE_BACK,
    meanwhile: [RE_ENABLE, DELETE, CARRY, UNMARK, DRAG].map((step) => [step]),
  },
  {
    name: "a struck-out event is carried",
    policy: MARKS,
    before: [LISTED, CANCEL],
    deed: CARRY,
    meanwhile: [RE_ENABLE, DELETE, CARRY, OTHER_ROOM].map((step) => [step]),
  },
  {
    name: "an event is carried to the room that staff give its booking",
    before: [LISTED, { ...OTHER_ROOM, seconds: 0 }],
    deed: CARRY,
    meanwhile: [DELETE, FORMER_ROOM, CANCEL, DRAG].map((step) => [step]),
  },
];
