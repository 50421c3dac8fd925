import { LockstepError } from "../../../shared/errors.ts";
import { MOVE_SAFEGUARDS } from "./move-safeguards.ts";
import { edit, FLOWS, type Safeguard } from "./safeguard.ts";

/** The sweep's own look at the calendar covers for whatever a pull missed. */
const WITHOUT_SWEEP = edit(
  `${FLOWS}/sweep.ts`,
  "const settled = maps.filter((map) => !map.dirty);",
  "items.length = 0; const settled = [];",
);

const WITHOUT_TWIN_REMOVAL = edit(
  `${FLOWS}/twin.ts`,
  "await world.calendar(place.ws, calendarId).remove({ calendarId, id, ...(etag === undefined ? {} : { etag }) });",
  "",
);

const BELIEVES_ONE_READ = edit(
  "shared/sync/evidence.ts",
  'return isProven ? { kind: "cancelled", evidence: "absent" } : { kind: "doubtful", reason: "missing" };',
  'return { kind: "cancelled", evidence: "absent" };',
);

/** Every safeguard whose loss the oracle must notice, and what the loss looks like in the source. */
export const SAFEGUARDS: readonly Safeguard[] = [
  {
    name: "echo-suppression",
    protects: "Our own write is not taken for a person's edit (R1, R3): neither by its version nor beside the base.",
    edits: [
      edit(
        `${FLOWS}/sync-observations.ts`,
        'if (!unfinished && (version === "older" || version === "same")) return;',
        "",
      ),
      edit(`${FLOWS}/settle.ts`, "event: half(map.base?.event, event),", "event: map.base?.event ?? event,"),
    ],
    within: 300,
  },
  {
    name: "version-stamp",
    protects: "An observation older than what is known is not taken for news (R1); the number of its agreement covers.",
    edits: [
      edit(
        "shared/sync/event.ts",
        'if (arriving.updated < stored.updated) return "older";',
        'if (arriving.updated < stored.updated) return "newer";',
      ),
      edit(`${FLOWS}/look.ts`, 'if (isEarlier && event.state === "live") forgetBase(desk);', ""),
    ],
    within: 300,
  },
  {
    name: "cursor-after-effects",
    protects: "What a pull read is published before its cursor is saved (law 8); the sweep covers for it.",
    edits: [
      edit(
        `${FLOWS}/pull-calendar.ts`,
        '  await publishObservation(world, {\n    kind: "event-seen",',
        '  await save(world, ws, touched, stored, listing, items);\n  await publishObservation(world, {\n    kind: "event-seen",',
      ),
      edit(
        `${FLOWS}/pull-calendar.ts`,
        "  });\n  await save(world, ws, touched, stored, listing, items);\n",
        "  });\n",
      ),
      WITHOUT_SWEEP,
    ],
    within: 500,
  },
  {
    name: "deterministic-ids",
    protects: "Inserting twice cannot make two events, since both have the same id (R2).",
    edits: [
      edit(`${FLOWS}/event-id.ts`, "export function eventIdFor(", "let made = 0;\nexport function eventIdFor("),
      edit(
        `${FLOWS}/event-id.ts`,
        "JSON.stringify([ws, calendarId, key, incarnation])",
        "JSON.stringify([ws, calendarId, key, incarnation, made++])",
      ),
    ],
    within: 300,
  },
  {
    name: "intent-before-insert",
    protects: "After a crash over an insert, a deletion since then is a person's (R2, S60).",
    edits: [
      edit(
        `${FLOWS}/carry-out.ts`,
        "if (desk.map.intent?.eventId !== id) await commitIntent(desk, id, content);",
        "desk.map = { ...desk.map, eventId: id };",
      ),
    ],
    within: 1_500,
  },
  {
    name: "evidence",
    protects: "A booking that one read does not find is in doubt, not cancelled (law 3, R8).",
    edits: [BELIEVES_ONE_READ],
    within: 300,
  },
  {
    name: "confirm-by-read",
    protects: "A row that a listing lacks is read by id and missed more than once (R8); the turn's own grading covers.",
    edits: [
      edit(
        `${FLOWS}/snapshot.ts`,
        "const read = await to.reader.read(asked.map(([id, entry]) => ({ id, around: entry.span })));",
        "const read = new Map();",
      ),
      edit(`${FLOWS}/snapshot.ts`, "missing.listings >= listingsAsked(policy, mailCancelled)", "missing.listings >= 1"),
      BELIEVES_ONE_READ,
    ],
    within: 300,
  },
  {
    name: "breaker",
    protects: "Many cancellations at once wait for a person (law 5, R7).",
    edits: [edit(`${FLOWS}/guard.ts`, "if (!isDestructive(decided)) return decided;", "return decided;")],
    within: 300,
  },
  {
    name: "etag-precondition",
    protects: "An edit made since the event was read is not written over unseen (R3, S61).",
    edits: [
      edit(
        "shared/providers/google-calendar/write.ts",
        'return etag === undefined ? {} : { "if-match": etag };',
        "return {};",
      ),
    ],
    within: 800,
  },
  {
    name: "conditional-commit",
    protects: "Two workers on one map do not write over each other (R4).",
    edits: [
      edit(
        "shared/embedded/sqlite-store.ts",
        "if (write.ifVersion !== undefined && write.ifVersion !== stands) throw conflict(write.ref);",
        "",
      ),
    ],
    within: 500,
  },
  {
    name: "incarnation",
    protects:
      "The next event gets an id of its own (R2); an insert that meets a former life steps over it, and covers.",
    edits: [
      edit(
        `${FLOWS}/incarnation.ts`,
        "map.markedEventId === undefined ? map.incarnation + 1 : map.incarnation",
        "map.incarnation",
      ),
      edit(
        `${FLOWS}/carry-out.ts`,
        'return "again";\n    desk.map = { ...withoutIntent(desk.map), incarnation: desk.map.incarnation + 1 };',
        'return "again";\n    desk.map = withoutIntent(desk.map);',
      ),
    ],
    within: 300,
  },
  {
    name: "ending-memory",
    protects: "An event that went by our own hand is no person's deletion (R5), whenever its worker died.",
    edits: [
      edit(
        `${FLOWS}/ending.ts`,
        "const ending = { ...desk.booking.ending, [desk.place.resource]: desk.map.eventId };",
        "const ending = { ...desk.booking.ending };",
      ),
    ],
    within: 1_500,
  },
  {
    name: "park",
    protects: "What a provider's failure left undone is done later (R6).",
    edits: [edit(`${FLOWS}/park.ts`, "dirty: !givenUp,", "dirty: false,")],
    within: 300,
  },
  {
    name: "retry",
    protects: "What is parked is taken up again (R6, S27).",
    edits: [
      edit(
        `${FLOWS}/retry-due.ts`,
        'for (const data of due) await publishBookingHint(world, { ws, ...data }, "retry");',
        "",
      ),
    ],
    within: 300,
  },
  {
    name: "full-resync-reconciliation",
    protects: "After a lost cursor, what is not listed any more was deleted (S29); the sweep covers for it.",
    edits: [
      edit(
        `${FLOWS}/pull-calendar.ts`,
        "return [...items, ...missingFrom(listing, await mapsShowing(world, ws, doc.calendarId, from))];",
        "return items;",
      ),
      edit(`${FLOWS}/sweep.ts`, "items.push(...missingFrom(listing, settled));", ""),
    ],
    within: 500,
  },
  {
    name: "marker-check",
    protects: "An event without our marker is a person's, and is left alone (law 1).",
    edits: [edit(`${FLOWS}/look.ts`, "return named !== undefined && names.includes(named);", "return true;")],
    within: 300,
  },
  {
    name: "error-is-not-absence",
    protects: "A read that failed says nothing of what was to be read (law 2).",
    edits: [
      edit(
        `${FLOWS}/look.ts`,
        "const event = await getSurely(desk);",
        "const event = await getSurely(desk).catch(() => undefined);",
      ),
      // It is read once more before it counts as deleted.
      edit(
        `${FLOWS}/look.ts`,
        "if (moved === undefined && takenAsLive(desk, await desk.calendar.get(desk.map.calendarId, desk.map.eventId))) return;",
        "if (moved === undefined && takenAsLive(desk, await desk.calendar.get(desk.map.calendarId, desk.map.eventId).catch(() => undefined))) return;",
      ),
    ],
    within: 300,
  },
  {
    name: "moved-elsewhere",
    protects: "An event that left its calendar is looked for on the others before it counts as deleted (R5, S59).",
    edits: [
      edit(
        `${FLOWS}/look.ts`,
        "const others = otherResources(desk.workspace, desk.place);",
        "const others: ReturnType<typeof otherResources> = [];",
      ),
    ],
    within: 300,
  },
  {
    name: "readable",
    protects: "A 404 proves a deletion only beside a calendar that can be read, and said again after that (R10).",
    edits: [edit(`${FLOWS}/look.ts`, "if (event !== undefined) return event;", "return event;")],
    within: 800,
  },
  {
    name: "recover-base",
    protects: "A write whose commit was lost is taken as agreed, so that a drag since then still shows as one (R3).",
    edits: [edit(`${FLOWS}/look.ts`, "if (said === undefined) return;", "return;")],
    within: 1_500,
  },
  {
    name: "write-ahead",
    protects: "An edit is in the journal before it is written over (S49).",
    edits: [edit(`${FLOWS}/carry-out.ts`, "if (overwritesAnEdit(desk, decided)) await noteLost(desk, decided);", "")],
    within: 1_500,
  },
  {
    name: "lost-journal",
    protects: "A value that did not prevail is kept and shown (S49).",
    edits: [
      edit(
        "shared/sync/merge.ts",
        'merge.lost.push({ side: "calendar", field, value: pick(event, [field]) });',
        "continue;",
      ),
      edit(
        "shared/sync/merge.ts",
        'if (inBooking.includes(field)) merge.lost.push({ side: "booking", field, value: pick(booking, [field]) });',
        "",
      ),
    ],
    within: 300,
  },
  {
    name: "put-back",
    protects: "Where a move cannot be carried over, the event goes back to its booking's time (S03, S49).",
    edits: [
      edit(
        `${FLOWS}/put-back.ts`,
        'const patch = { ...patchOf(decided), ...pick(content, ["span"]) };',
        "const patch = patchOf(decided);",
      ),
    ],
    within: 300,
  },
  {
    name: "fresh-look",
    protects: "A worker that was held up looks again before it cancels (R5).",
    edits: [
      edit(
        `${FLOWS}/carry-out.ts`,
        "const freshUntil = later(desk.readAt, FRESH_MS);",
        "const freshUntil = later(desk.world.clock.now(), 3_600_000);",
      ),
    ],
    within: 1_500,
  },
  {
    name: "booking-as-it-is-now",
    protects: "Whatever is written rests on the booking as it is now (R1).",
    edits: [
      edit(`${FLOWS}/turn.ts`, "if (needsTruth(desk, wanted) && !desk.truthRead) {", "if (desk.saw === undefined) {"),
    ],
    within: 500,
  },
  {
    name: "event-as-it-is-now",
    protects:
      "What goes to the booking source, or is put back, rests on the event as it is now (R1, R5); removing the twin covers.",
    edits: [
      edit(`${FLOWS}/turn.ts`, "if (needsEvent(wanted) && !desk.eventRead) {", "if (desk.saw === undefined) {"),
      WITHOUT_TWIN_REMOVAL,
    ],
    within: 500,
  },
  {
    name: "renamed-events",
    protects: "An event that missed its booking's rebooking gets the present id (R4).",
    edits: [
      edit(
        `${FLOWS}/turn.ts`,
        "const wanted = signed(desk, renamed(desk, decide(knownOf(desk))));",
        "const wanted = signed(desk, decide(knownOf(desk)));",
      ),
    ],
    within: 800,
  },
  {
    name: "twin-removal",
    protects: "A second event of one booking, left by a worker that died, goes (law 6).",
    edits: [WITHOUT_TWIN_REMOVAL],
    within: 1_500,
  },
  ...MOVE_SAFEGUARDS,
];

/** Those of the names, or all. Throws INVALID_REQUEST for a name that there is not. */
export function chosenSafeguards(names: readonly string[]): readonly Safeguard[] {
  if (names.includes("all")) return SAFEGUARDS;
  return names.map((name) => {
    const found = SAFEGUARDS.find((safeguard) => safeguard.name === name);
    if (found !== undefined) return found;
    const known = SAFEGUARDS.map((safeguard) => safeguard.name).join(", ");
    throw new LockstepError("INVALID_REQUEST", {
      detail: `--sabotage: there is no safeguard ${name}; there are ${known}`,
    });
  });
}
