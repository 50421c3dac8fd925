import { json, type Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { readLimit } from "./pages.ts";
import { badRequest, refuse } from "./problems.ts";
import { reservationsOf, tombstonesOf } from "./shelves.ts";
import { showReservation } from "./show-reservation.ts";

interface Change {
  readonly id: string;
  readonly sequence: number;
  readonly shown: Record<string, unknown>;
}

/** What changed since a cursor, oldest first, each reservation once as it is now; without one, where now is. */
export function listChanges(call: Call): Reply {
  const { request, world, faults } = call;
  const limit = readLimit(call);
  const since = request.query.get("since");
  const changes = changesOf(world);
  if (since === null)
    return json(200, { items: [], next: cursorAt(world, changes.at(-1)?.sequence ?? 0), more: false });
  const after = readCursor(call, since);
  const left = changes.filter(({ sequence }) => sequence > after);
  const page = faults.has("empty") ? [] : left.slice(0, limit);
  const told = page.filter(({ id }) => id !== faults.value("omit"));
  const more = left.length > page.length && !faults.has("empty");
  const next = cursorAt(world, page.at(-1)?.sequence ?? after);
  return json(200, { items: told.map(({ shown }) => shown), next, more });
}

function changesOf(world: World): Change[] {
  const live = reservationsOf(world)
    .all("reservations")
    .map((row): Change => {
      const { id, sequence, version, updatedAt } = row;
      return { id, sequence, shown: { id, version, changedAt: updatedAt, reservation: showReservation(row) } };
    });
  const deleted = tombstonesOf(world)
    .all("reservations")
    .map(({ sequence, ...tombstone }): Change => {
      return { id: tombstone.id, sequence, shown: { ...tombstone, deleted: true } };
    });
  return [...live, ...deleted].sort((a, b) => a.sequence - b.sequence);
}

function cursorAt(world: World, sequence: number): string {
  return `${sequence}.${world.now()}`;
}

function readCursor({ world, faults }: Call, cursor: string): number {
  const [, sequence, at] = /^(\d{1,12})\.(\d{1,15})$/.exec(cursor) ?? badRequest("since is no cursor of ours.");
  const age = world.now() - Number(at);
  if (age > world.options().bookingCursorSeconds * 1000 || faults.has("expire-cursor")) refuse(410, "CURSOR_EXPIRED");
  return Number(sequence);
}
