import { BAY_1, openRunningStudio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { openWire } from "./wire.ts";

/** A studio with so many bookings at ten on the days from the 12th on, all on both sides. */
export async function openWith(bookings: number): Promise<Scene & { readonly ids: string[] }> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  const ids: string[] = [];
  for (let day = 12; day < 12 + bookings; day++) ids.push(await studio.book(1, `2027-01-${day}T10:00:00`));
  await work(studio, wire);
  await pass(studio, 10, wire);
  wire.calls();
  return { studio, wire, ids };
}

/** Where the tests drag an event of Bay 1 to. */
export const DRAGGED = "bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00";

export interface Booked extends Scene {
  readonly id: string;
  readonly eventId: string;
}

/** One booking at ten on bay 1, on both sides. */
export async function openBooked(policy: Record<string, unknown> = {}): Promise<Booked> {
  const wire = openWire();
  const studio = await openRunningStudio({ policy, fetch: wire.fetch, stores: wire.stores });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  wire.calls();
  return { studio, wire, id, eventId };
}
