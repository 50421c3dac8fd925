import { edit, FLOWS, type Safeguard } from "./safeguard.ts";

const BOOKS_BLINDLY = edit(
  `${FLOWS}/rebook.ts`,
  "const booked = resumed ? await findBooked(desk, claim) : undefined;",
  "const booked = undefined;",
);

/** The safeguards of a move between bookings: the claim, its steps, and what staff may do meanwhile (R9, S61). */
export const MOVE_SAFEGUARDS: readonly Safeguard[] = [
  {
    name: "claim",
    protects:
      "A rebooking under way is left to its worker while its claim lasts (R4); looking for what that one booked covers.",
    edits: [
      edit(
        `${FLOWS}/rebook.ts`,
        'if (isOthers || claim.from !== desk.place.resource) return "busy";',
        'if (claim.from !== desk.place.resource) return "busy";',
      ),
      BOOKS_BLINDLY,
    ],
    within: 800,
  },
  {
    name: "claim-expiry",
    protects: "A worker whose claim ran out makes no call that cannot be taken back (R4, R6).",
    edits: [
      edit(
        `${FLOWS}/claim.ts`,
        "return later(claimOf(desk).until, -ARRIVES_MS);",
        "return later(claimOf(desk).until, 3_600_000);",
      ),
      // Whoever comes too late is found out by the next step, too.
      edit(
        `${FLOWS}/claim.ts`,
        "  requireClaim(desk, claimOf(desk).until);\n  await commitClaim",
        "  await commitClaim",
      ),
      edit(`${FLOWS}/rebook.ts`, "requireClaim(desk, claimOf(desk).until);", ""),
    ],
    within: 1_500,
  },
  {
    name: "blind-rebook",
    protects: "After a crash the new booking is looked for before it is booked again (R4).",
    edits: [BOOKS_BLINDLY],
    within: 800,
  },
  {
    name: "cancel-wins",
    protects: "A booking cancelled while it moves stays cancelled (S62, S63); asking a person covers for it.",
    edits: [
      edit(
        `${FLOWS}/rebook.ts`,
        'if (answer === "already-cancelled" && !resumed) return undo(desk, decided, undefined);',
        "",
      ),
      edit(
        `${FLOWS}/rebook.ts`,
        "if (!claim.dropFirst && !stillStands(old, former)) return undo(desk, decided, former);",
        "",
      ),
      edit(
        `${FLOWS}/rebook.ts`,
        'if (answer === "already-cancelled" && !resumed) return true;',
        'if (answer === "already-cancelled" && !resumed) return false;',
      ),
      edit(`${FLOWS}/rebook.ts`, 'if (answer !== "cancelled") desk.booking', "if (answer === undefined) desk.booking"),
    ],
    within: 800,
  },
  {
    name: "saga-keeps-its-booking",
    protects: "A booking that a rebooking just made gets no event of its own (R4); removing that twin covers for it.",
    edits: [
      edit(
        `${FLOWS}/succession.ts`,
        'return former?.data.claim?.marker === desk.truth?.fields["marker"];',
        "return false;",
      ),
      edit(`${FLOWS}/rekey.ts`, "if (twin !== undefined) await removeTwinUnder(desk, twin, stays);", ""),
    ],
    within: 500,
  },
  {
    name: "doubtful-waits",
    protects: "While the booking is in doubt nothing is done to its event (law 3, law 11).",
    edits: [
      edit(
        "shared/sync/rules.ts",
        'return { ...NOTHING, status: known.hasEvent ? "active" : "pending" };',
        'return { ...NOTHING, effects: known.hasEvent ? [{ kind: "remove-event", how: "delete" }] : [], status: "cancelled" };',
      ),
    ],
    within: 300,
  },
];
