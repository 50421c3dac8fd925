import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Content, FIELDS, pick } from "../../shared/sync/content.ts";
import { type Decided, decide } from "../../shared/sync/decide.ts";
import type { EventObservation } from "../../shared/sync/event.ts";
import type { Base, Known } from "../../shared/sync/event-map.ts";
import { later } from "../../shared/sync/time.ts";
import { AGREED, knownWith } from "./known.ts";

/**
 * The core alone, on generated histories: two sides that people change, a map that sees them when it
 * looks, effects that are carried out at once, and deaths between carrying out and saving. Providers do
 * as they are told, so what goes wrong here is a decision. A failure shrinks to its shortest history.
 */
type Step =
  | { readonly do: "move-booking" | "drag-event"; readonly hour: number }
  | { readonly do: "rename-booking" | "rename-event"; readonly title: string }
  | { readonly do: "cancel" | "re-enable" | "delete-event" | "look" | "look-and-die" };

const hour = fc.integer({ min: 0, max: 20 });
const title = fc.constantFrom("Maya", "Tom", "Maya, paid");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("move-booking" as const, "drag-event" as const), hour }),
  fc.record({ do: fc.constantFrom("rename-booking" as const, "rename-event" as const), title }),
  fc.record({ do: fc.constantFrom("cancel" as const, "re-enable" as const, "delete-event" as const) }),
  fc.record({ do: fc.constantFrom("look" as const, "look" as const, "look-and-die" as const) }),
);

/** What is outside: a booking, its event, and who took them away. */
interface World {
  booking: { live: boolean; content: Content };
  event: Content | undefined;
  cancelledByUs: number;
  eventsDeletedByPeople: number;
  /** Cancelled at the source by a worker that died before it could save that: done again if it is live then. */
  cancelledUnsaved: number;
}

/** What the map has saved. */
interface Saved {
  hasEvent: boolean;
  base: Base | undefined;
  /** Written before an event is removed. */
  ending: boolean;
  /** Written before an event is inserted (R2). */
  intent: boolean;
}

const NOTHING: Saved = { hasEvent: false, base: undefined, ending: false, intent: false };

function spanAt(hour: number): NonNullable<Content["span"]> {
  const start = later("2027-01-12T00:00:00.000Z", hour * 3_600_000);
  return { kind: "timed", start, end: later(start, 3_600_000) };
}

function change(world: World, step: Step): void {
  const { booking } = world;
  if (step.do === "move-booking") booking.content = { ...booking.content, span: spanAt(step.hour) };
  if (step.do === "rename-booking") booking.content = { ...booking.content, title: step.title };
  if (step.do === "cancel") booking.live = false;
  if (step.do === "re-enable") booking.live = true;
  if (world.event === undefined) return;
  if (step.do === "drag-event") world.event = { ...world.event, span: spanAt(step.hour) };
  if (step.do === "rename-event") world.event = { ...world.event, title: step.title };
  if (step.do === "delete-event") {
    world.event = undefined;
    world.eventsDeletedByPeople++;
  }
}

/** Looks at both sides, decides, carries out; a death loses what would have been saved after it. */
function look(world: World, saved: Saved, policy: Known["policy"], dies: boolean): Saved {
  let now: Saved = { ...saved };
  for (let rounds = 0; rounds < 5; rounds++) {
    if (now.hasEvent && world.event === undefined && now.ending) now = NOTHING;
    const decided = decide(seen(world, now, policy));
    const begun = now.intent && !now.hasEvent && decided.status === "cancelled";
    const adopted = begun ? world.event !== undefined : carryOut(world, now, decided);
    const cancels = decided.effects.some(({ kind }) => kind === "cancel-booking");
    if (dies && cancels) world.cancelledUnsaved++;
    if (dies) return { ...saved, ending: saved.ending || now.ending, intent: saved.intent || now.intent };
    if (adopted) {
      now = { ...now, hasEvent: true, intent: false };
      continue;
    }
    return save(world, now, decided);
  }
  throw new Error("five rounds and no end");
}

function seen(world: World, saved: Saved, policy: Known["policy"]): Known {
  const event: EventObservation | undefined = !saved.hasEvent
    ? undefined
    : world.event === undefined
      ? { kind: "deleted" }
      : { kind: "live", content: world.event, marked: true };
  return knownWith({
    policy,
    booking: world.booking.live
      ? { kind: "live", content: world.booking.content, resources: ["bay-1"] }
      : { kind: "cancelled", evidence: "explicit" },
    event,
    hasEvent: saved.hasEvent,
    base: saved.base,
  });
}

/** True where an insert met an event of ours that a dead worker had made: it is adopted. */
function carryOut(world: World, saved: Saved, decided: Decided): boolean {
  for (const effect of decided.effects) {
    if (effect.kind === "insert-event") saved.intent = true;
    if (effect.kind === "insert-event" && world.event !== undefined) return true;
    if (effect.kind === "insert-event" || effect.kind === "restore-event") world.event = effect.content;
    if (effect.kind === "patch-event" && world.event !== undefined) world.event = { ...world.event, ...effect.content };
    if (effect.kind === "remove-event") {
      saved.ending = true;
      world.event = undefined;
    }
    if (effect.kind === "move-booking" && effect.span !== undefined) {
      world.booking.content = { ...world.booking.content, span: effect.span };
    }
    if (effect.kind === "cancel-booking") {
      world.booking.live = false;
      world.cancelledByUs++;
    }
  }
  return false;
}

function save(world: World, saved: Saved, decided: Decided): Saved {
  if (decided.status === "cancelled") return NOTHING;
  if (world.event === undefined) return saved;
  const half = (before: Content | undefined, now: Content) => ({
    ...(before === undefined
      ? {}
      : pick(
          before,
          FIELDS.filter((field) => !decided.agreed.includes(field)),
        )),
    ...pick(now, decided.agreed),
  });
  const base: Base = {
    booking: half(saved.base?.booking, world.booking.content),
    event: half(saved.base?.event, world.event),
    agreement: (saved.base?.agreement ?? 0) + 1,
  };
  return { hasEvent: true, base, ending: false, intent: false };
}

const policies = fc.record({
  merge: fc.constantFrom("source-wins" as const, "last-write-wins" as const),
  calendarDeletion: fc.constantFrom("cancel" as const, "restore" as const),
});

test("laws 4, 6 and 7: after any history both sides agree, and nothing was cancelled unasked", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), policies, (steps, chosen) => {
      const policy = { ...knownWith().policy, ...chosen };
      const world: World = {
        booking: { live: true, content: AGREED },
        event: undefined,
        cancelledByUs: 0,
        eventsDeletedByPeople: 0,
        cancelledUnsaved: 0,
      };
      let saved = NOTHING;
      for (const each of steps) {
        change(world, each);
        if (each.do === "look" || each.do === "look-and-die") {
          saved = look(world, saved, policy, each.do === "look-and-die");
        }
      }
      saved = look(world, look(world, saved, policy, false), policy, false);

      expect(decide(seen(world, saved, policy)).effects).toEqual([]);
      expect(world.event !== undefined).toBe(world.booking.live);
      if (world.event !== undefined) expect(world.event.span?.start).toBe(world.booking.content.span?.start);
      expect(world.cancelledByUs - world.cancelledUnsaved).toBeLessThanOrEqual(world.eventsDeletedByPeople);
      if (chosen.calendarDeletion === "restore") expect(world.cancelledByUs).toBe(0);
    }),
    { numRuns: 3_000 },
  );
});
