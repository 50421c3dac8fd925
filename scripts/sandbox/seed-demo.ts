import { CAMP } from "./demo-camp.ts";
import type { DemoCustomer } from "./demo-customer.ts";
import { LETS } from "./demo-lets.ts";
import { LETS_MAILS } from "./demo-lets-mails.ts";
import { LOFT } from "./demo-loft.ts";
import { TOWN } from "./demo-town.ts";
import { TOWN_BOOKINGS } from "./demo-town-bookings.ts";
import type { Call } from "./world.ts";

/** The customers of the demo: each is a file and a line. */
const CUSTOMERS: readonly DemoCustomer[] = [LOFT, TOWN, TOWN_BOOKINGS, LETS, CAMP, LETS_MAILS];

/** Whatever can act on the state from outside any call: a `Sandbox`. */
export interface Seedable {
  arrange(act: (call: Call) => void): void;
}

/** The golf studio without bookings: calendars, location, services, bays, customers. What is there stays. */
export function seedStudio(sandbox: Seedable): void {
  openCustomer(sandbox, LOFT);
}

/** The municipality without bookings: its rooms and their lists. What is there stays. */
export function seedTown(sandbox: Seedable): void {
  openCustomer(sandbox, TOWN);
}

/** The booking system with its rooms, without reservations. What is there stays. */
export function seedRooms(sandbox: Seedable): void {
  openCustomer(sandbox, TOWN_BOOKINGS);
}

/** The campsite without bookings: its pitches, and their calendars. What is there stays. */
export function seedCamp(sandbox: Seedable): void {
  openCustomer(sandbox, CAMP);
}

/** All customers with about a week of bookings and staff events. A state that was seeded is left alone. */
export function seedDemo(sandbox: Seedable): void {
  for (const customer of CUSTOMERS) {
    openCustomer(sandbox, customer);
    once(sandbox, customer.marks.filled, customer.fill);
  }
}

function openCustomer(sandbox: Seedable, { marks, open }: DemoCustomer): void {
  once(sandbox, marks.opened, open);
}

function once(sandbox: Seedable, mark: string, act: (call: Call) => void): void {
  sandbox.arrange((call) => {
    if (call.world.numbers.get("seeded", mark) !== undefined) return;
    call.world.numbers.put("seeded", mark, 1);
    act(call);
  });
}
