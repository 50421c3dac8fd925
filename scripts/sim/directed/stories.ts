import type { Cell } from "../cell.ts";
import { ASKS, book, LATER, LISTED, wait } from "./deeds.ts";
import { SAFEGUARDED } from "./safeguarded.ts";
import type { Story, StoryStep } from "./story.ts";

/** From 8:30 to 9:00 on the first resource. The first step begins a little after 8:03. */
const SOON = { slot: 1, other: 4 } as const;

/** The booking source answers nothing for an hour: three outages of twenty minutes, end to end. */
const SOURCE_IS_OUT_FOR_AN_HOUR: readonly StoryStep[] = Array.from({ length: 3 }, () => ({
  ...{ deed: "outage", other: 38, seconds: 1_130 },
}));

/** Lost news and an hour without the source: what staff did is found when the event is over. */
function foundWhenOver(deed: StoryStep): readonly StoryStep[] {
  return [
    book(SOON),
    { deed: "delete" },
    { ...deed, notice: "notify-lost", seconds: 0 },
    ...SOURCE_IS_OUT_FOR_AN_HOUR,
    wait(10),
  ];
}

/** The same booking under another id, at the same time; nobody is told. */
const BOOKED_ANEW: StoryStep = { deed: "reschedule", slot: LATER.slot, notice: "notify-lost", seconds: 0 };

/** Staff change a booking and the news is lost; somebody's deed at the event makes Lockstep look. One story for each. */
function unheard(
  told: string,
  staff: StoryStep,
  deeds: readonly (readonly [deed: string, cells: readonly Cell[]])[],
  policy: Story["policy"] = {},
): Story[] {
  return deeds.map(([deed, cells]) => ({
    name: `${told} unheard, then somebody does to its event: ${deed}`,
    ...{ cells, policy },
    steps: [LISTED, { ...staff, notice: "notify-lost", seconds: 0 }, { deed, slot: 14 }, wait(10)],
  }));
}

/** A poll lists the booking under its new id, and what it tells of it comes late: by then the row is gone. */
function vanishesUnread(staff: StoryStep, ...then: readonly StoryStep[]): readonly StoryStep[] {
  return [staff, { deed: "run-jobs", always: true, seconds: 15 }, { deed: "vanish" }, ...then, wait(10)];
}

/** A booking, and an event somebody typed in for it: the same hour on the second resource. */
const TYPED_IN: readonly StoryStep[] = [
  { deed: "book", slot: 10, other: 1 },
  { deed: "stranger-adds", slot: 10, other: 1 },
];

/** An event of a booking that an earlier installation left, saying what the booking says: the same hour on the second resource. */
const LEFT_BEHIND: readonly StoryStep[] = [
  { deed: "book", slot: 10, other: 1 },
  { deed: "earlier-installation", slot: 10 },
];

/** No absence becomes evidence while a story lasts. */
const PATIENT = { absentListings: 3, absentSecondsApart: 86_400 } as const;

export const DIRECTED: readonly Story[] = [
  {
    name: "an event is deleted, a person is asked, and the booking is cancelled; it is found when it is over",
    cells: ["cancelled × past-deleted"],
    policy: ASKS,
    steps: foundWhenOver({ deed: "cancel" }),
  },
  {
    name: "an event is deleted, a person is asked, and the booking is renamed; it is found when it is over",
    cells: ["changed × past-deleted"],
    policy: ASKS,
    steps: foundWhenOver({ deed: "rename", other: 7 }),
  },
  {
    name: "an event is deleted, a person is asked, and the booking gets another room; it is found when it is over",
    cells: ["same × same", "moved × none", "moved × past-deleted"],
    policy: ASKS,
    steps: foundWhenOver({ deed: "change-resource", other: 1 }),
  },
  {
    name: "an event is deleted, a person is asked, and the booking is booked anew for the same time; it is found when it is over",
    cells: ["same × past-deleted"],
    policy: ASKS,
    steps: foundWhenOver({ deed: "reschedule", slot: SOON.slot }),
  },
  {
    name: "an event is deleted while the source is out, which is back when the event is over",
    cells: ["same × past-deleted"],
    policy: ASKS,
    steps: [
      book(SOON),
      { deed: "outage", other: 38, seconds: 10 },
      { deed: "delete", seconds: 1_100 },
      ...SOURCE_IS_OUT_FOR_AN_HOUR,
      wait(20),
    ],
  },
  {
    name: "booking and event both vanish, and their time passes before there is evidence",
    cells: ["doubtful × deleted", "doubtful × past-deleted"],
    policy: PATIENT,
    steps: [book(SOON), { deed: "vanish", seconds: 5 }, { deed: "delete" }, wait(80)],
  },
  {
    name: "an event is dragged",
    cells: ["new × none", "same × changed"],
    steps: [book(LATER), { deed: "drag", slot: 14 }, wait(10)],
  },
  {
    name: "a guest begins a checkout and never pays",
    cells: ["doubtful × none"],
    steps: [{ deed: "checkout", ...LATER }, wait(30)],
  },
  {
    name: "a booking is cancelled before anybody heard of it",
    cells: ["cancelled × none"],
    steps: [{ ...book(LATER), notice: "notify-lost", seconds: 0 }, { deed: "cancel" }, wait(10)],
  },
  {
    name: "a booking is cancelled",
    cells: ["cancelled × same"],
    steps: [book(LATER), { deed: "cancel" }, wait(10)],
  },
  ...unheard("a booking is cancelled", { deed: "cancel" }, [
    ["drag", ["cancelled × changed"]],
    ["delete", ["cancelled × deleted"]],
    ["carry-over", ["cancelled × moved"]],
  ]),
  {
    name: "a booking gets another room",
    cells: ["moved × same"],
    steps: [book(LATER), { deed: "change-resource", other: 1 }, wait(10)],
  },
  ...unheard(
    "a booking gets another room",
    { deed: "change-resource", other: 1 },
    [
      ["drag", ["moved × changed"]],
      ["delete", ["moved × deleted"]],
      ["carry-over", ["moved × moved"]],
    ],
    // Whether a deletion counts against a move that nobody had heard of is for a person.
    ASKS,
  ),
  {
    name: "a booking gets another name",
    cells: ["changed × same"],
    steps: [book(LATER), { deed: "rename", other: 7 }, wait(10)],
  },
  ...unheard("a booking gets another name", { deed: "rename", other: 7 }, [
    ["drag", ["changed × changed"]],
    ["delete", ["changed × deleted"]],
    ["carry-over", ["changed × moved"]],
  ]),
  ...(
    [
      ["rename", "changed × unmarked"],
      ["change-resource", "moved × unmarked"],
      ["cancel", "cancelled × unmarked"],
      ["reschedule", "same × unmarked"],
    ] as const
  ).map(
    ([deed, cell]): Story => ({
      name: `an event loses its marker, then staff do to its booking: ${deed}`,
      cells: ["same × unmarked", cell],
      steps: [book(LATER), { deed: "unmark" }, { deed, slot: LATER.slot, other: 1 }, wait(10)],
    }),
  ),
  {
    name: "an event is deleted, a person is asked, and the booking is booked anew for the same time",
    cells: ["same × deleted"],
    policy: ASKS,
    steps: [book(LATER), { deed: "delete" }, { deed: "reschedule", slot: LATER.slot }, wait(10)],
  },
  {
    name: "a booking is booked anew for the same time",
    cells: ["same × same"],
    steps: [LISTED, { ...BOOKED_ANEW, seconds: 60 }, wait(10)],
  },
  ...unheard("a booking is booked anew for the same time", BOOKED_ANEW, [
    ["drag", ["doubtful × changed", "same × changed"]],
    ["carry-over", ["same × moved", "doubtful × moved"]],
  ]),
  {
    name: "a booking vanishes before it is read",
    cells: ["unseen × none"],
    troubles: ["deliver:late"],
    steps: vanishesUnread({ ...book(LATER), notice: "notify-lost", seconds: 0 }),
  },
  {
    name: "an event loses its marker, then its booking is booked anew and vanishes before it is read",
    cells: ["doubtful × unmarked"],
    troubles: ["deliver:late"],
    steps: [LISTED, { deed: "unmark", seconds: 5 }, ...vanishesUnread(BOOKED_ANEW)],
  },
  {
    name: "a booking is booked anew and vanishes before it is read, then somebody deletes its event",
    cells: ["doubtful × same", "doubtful × deleted"],
    troubles: ["deliver:late"],
    steps: [LISTED, ...vanishesUnread(BOOKED_ANEW, { deed: "delete" })],
  },
  {
    name: "a booking is booked anew and vanishes before it is read, then somebody carries its event over and deletes it",
    cells: ["doubtful × same", "doubtful × moved"],
    troubles: ["deliver:late"],
    steps: [LISTED, ...vanishesUnread(BOOKED_ANEW, { deed: "carry-over" }, { deed: "delete" })],
  },
  ...(
    [
      ["stranger-deletes", "unseen × past-deleted"],
      ["stranger-edits", "unseen × unmarked"],
    ] as const
  ).map(
    ([deed, cell]): Story => ({
      name: `an adoption is approved after its booking vanished, while news of its event was on its way, then: ${deed}`,
      cells: ["unseen × same", cell],
      troubles: ["deliver:late"],
      before: TYPED_IN,
      steps: [
        { deed: "vanish", seconds: 1 },
        { deed: "stranger-edits", other: 3, always: true, seconds: 10 },
        { deed: "approve", seconds: 100 },
        { deed, other: 5 },
        wait(10),
      ],
    }),
  ),
  {
    name: "an adoption of an event with our marker is approved after its booking vanished, then somebody carries it over",
    cells: ["unseen × same", "unseen × moved"],
    troubles: ["deliver:late"],
    before: LEFT_BEHIND,
    steps: [
      { deed: "vanish", seconds: 1 },
      { deed: "stranger-edits", other: 3, always: true, seconds: 10 },
      { deed: "approve", seconds: 100 },
      { deed: "carry-over" },
      wait(10),
    ],
  },
  {
    name: "an adoption is approved of an event that says what its booking says",
    cells: ["new × same"],
    before: LEFT_BEHIND,
    steps: [{ deed: "approve", seconds: 60 }, wait(10)],
  },
  {
    name: "an adoption is approved of an event that says something else",
    cells: ["new × changed"],
    before: TYPED_IN,
    steps: [{ deed: "approve", seconds: 60 }, wait(10)],
  },
  {
    name: "a booking is made while its calendar is out, and vanishes",
    cells: ["doubtful × none"],
    policy: PATIENT,
    steps: [
      { deed: "outage", other: 9, seconds: 5 },
      { ...LISTED, seconds: 130 },
      { deed: "vanish", seconds: 5 },
      wait(20),
    ],
  },
  ...unheard("a booking vanishes", { deed: "vanish" }, [
    ["drag", ["doubtful × changed"]],
    ["carry-over", ["doubtful × moved"]],
  ]),
  {
    // Where the source tells of it, the booking is in doubt by then: doubtful × unmarked.
    name: "an event loses its marker, then its booking vanishes",
    cells: ["same × unmarked"],
    steps: [LISTED, { deed: "unmark" }, { deed: "vanish", other: 4 }, wait(10)],
  },
  ...SAFEGUARDED,
];
