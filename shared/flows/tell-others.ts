import type { Desk } from "./desk.ts";
import { publishBookingHint } from "./publish.ts";

/** Why another resource of the booking looks. */
const FOLLOW_UP = "other resource";

/**
 * Other resources are told before this turn commits (R9): those that came or went, and all where the
 * booking changed. Who was told so tells nobody: parked turns would send each other round in circles. What has changed
 * since is news for the others still, when their source tells them.
 */
export async function tellOthers(desk: Desk): Promise<void> {
  const { place, storedBooking } = desk;
  const before = storedBooking?.resources ?? [];
  const now = desk.booking.resources;
  const isChanged = storedBooking !== undefined && desk.truth !== undefined && desk.truth.hash !== storedBooking.hash;
  const concerned = [...new Set([...before, ...now])].filter(
    (resource) => resource !== place.resource && (isChanged || before.includes(resource) !== now.includes(resource)),
  );
  if (desk.run.id === FOLLOW_UP) return concerned.length === 0 ? undefined : leaveNews(desk);
  for (const resource of concerned) await publishBookingHint(desk.world, { ...place, resource }, FOLLOW_UP);
}

function leaveNews(desk: Desk): void {
  const { hash: _theirs, ...booking } = desk.booking;
  const before = desk.storedBooking?.hash;
  desk.booking = before === undefined ? booking : { ...booking, hash: before };
}

/** We moved the booking ourselves: its other resources follow. */
export async function tellOthersOfMove({ world, place, booking }: Desk): Promise<void> {
  const others = booking.resources.filter((resource) => resource !== place.resource);
  for (const resource of others) await publishBookingHint(world, { ...place, resource }, FOLLOW_UP);
}
