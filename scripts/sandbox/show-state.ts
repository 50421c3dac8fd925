import { etagOf } from "./google/show-event.ts";
import { unitName } from "./uschedule/fields.ts";
import { holdsSlot } from "./uschedule/slots.ts";
import type { World } from "./world.ts";

/** Everything the sandbox knows but credentials, for tests and oracles: the truth behind all faults. */
export function showState(world: World): Record<string, unknown> {
  const { webhook, ...options } = world.options();
  return {
    now: new Date(world.now()).toISOString(),
    options: { ...options, webhook: webhook === null ? null : { url: webhook.url } },
    google: { calendars: showCalendars(world), channels: showChannels(world) },
    uschedule: { appointments: showAppointments(world), units: world.catalogue.all("resourceunits") },
    pendingNotices: world.outbox.all("pending").length,
    rules: world.rules.all("rules"),
  };
}

function showCalendars(world: World): Record<string, unknown>[] {
  return world.calendars.all("calendars").map((calendar) => ({
    ...calendar,
    events: world.events
      .all(calendar.id)
      .map(({ body, ...event }) => ({ ...event, ...body, etag: etagOf({ body, ...event }) })),
  }));
}

function showChannels(world: World): Record<string, unknown>[] {
  return world.channels.all("channels").map(({ token: _, ...channel }) => ({
    ...channel,
    expiresAt: new Date(channel.expiresMs).toISOString(),
    open: channel.expiresMs > world.now(),
  }));
}

function showAppointments(world: World): Record<string, unknown>[] {
  return world.appointments.all("appointments").map((row) => ({
    ...row,
    ResourceName: unitName(world, row.ResourceUnitID),
    holdsSlot: holdsSlot(world, row),
  }));
}
