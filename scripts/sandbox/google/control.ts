import { z } from "zod";
import { json, parseJson, Refusal, type Reply } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { putCalendar } from "./calendars.ts";
import { calendarsOf, channelsOf, eventsOf } from "./shelves.ts";

const CalendarChange = z.strictObject({
  id: z.string().min(1).max(200),
  summary: z.string().optional(),
  timeZone: z.string().optional(),
  accessRole: z.enum(["none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"]).optional(),
});
const TokenExpiry = z.strictObject({ calendarId: z.string().optional() });
const ChannelChange = z.strictObject({
  /** One channel; without it all of the calendar, or all there are. */
  id: z.string().optional(),
  calendarId: z.string().optional(),
  make: z.enum(["silent", "speaking", "expired"]),
});
const Purge = z.strictObject({ calendarId: z.string(), eventId: z.string() });

/** `/sandbox/google/<action>`: what happens to calendars without a call of the API. */
export const GOOGLE_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  /** Makes a calendar, or changes its name, zone or the caller's role on it. */
  calendars: (call) => json(200, putCalendar(call.world, read(call, CalendarChange))),
  "expire-sync-tokens": expireSyncTokens,
  channels: changeChannels,
  /** An event vanishes without a tombstone, as after weeks. */
  purge: purgeEvent,
};

function expireSyncTokens(call: Call): Reply {
  const { calendarId } = read(call, TokenExpiry);
  const hit = calendarsOf(call.world)
    .all("calendars")
    .filter(({ id }) => calendarId === undefined || id === calendarId);
  for (const calendar of hit) {
    calendarsOf(call.world).put("calendars", calendar.id, { ...calendar, tokenEpoch: calendar.tokenEpoch + 1 });
  }
  return json(200, { calendars: hit.length });
}

function changeChannels(call: Call): Reply {
  const { id, calendarId, make } = read(call, ChannelChange);
  const hit = channelsOf(call.world)
    .all("channels")
    .filter(
      (channel) => (id ?? channel.id) === channel.id && (calendarId ?? channel.calendarId) === channel.calendarId,
    );
  for (const channel of hit) changeChannel(call.world, channel.id, make);
  return json(200, { channels: hit.length });
}

function changeChannel(world: World, id: string, make: "silent" | "speaking" | "expired"): void {
  const channel = channelsOf(world).get("channels", id);
  if (channel === undefined) return;
  const expiresMs = make === "expired" ? world.now() : channel.expiresMs;
  channelsOf(world).put("channels", id, { ...channel, expiresMs, silent: make === "silent" });
}

function purgeEvent(call: Call): Reply {
  const { calendarId, eventId } = read(call, Purge);
  eventsOf(call.world).remove(calendarId, eventId);
  return json(200, { purged: eventId });
}

function read<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  const found = schema.safeParse(parseJson(call.request.body));
  if (found.success) return found.data;
  throw new Refusal(json(400, { Message: z.prettifyError(found.error) }));
}
