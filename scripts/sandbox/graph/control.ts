import { z } from "zod";
import { readControl } from "../read-control.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { storeEvent } from "./event-store.ts";
import { putMailbox, putRoomList } from "./mailboxes.ts";
import { LIFECYCLE_EVENTS, sendLifecycle } from "./notify.ts";
import { eventNamed, PEOPLE_ACTIONS, roomNamed, shown } from "./people.ts";
import type { SubscriptionRow } from "./rows.ts";
import { eventsOf, mailboxesOf, subscriptionsOf } from "./shelves.ts";

const Room = z.strictObject({
  email: z.string().min(3).max(200),
  displayName: z.string().optional(),
  timeZone: z.string().optional(),
  capacity: z.number().int().min(0).default(10),
  building: z.string().default(""),
  /** A person's mailbox is no room. */
  person: z.boolean().default(false),
  /** Address of the list it stands in, and the list's name. */
  list: z.string().optional(),
  listName: z.string().optional(),
  refusesSubscriptions: z.boolean().optional(),
});
const Rooms = z.strictObject({ room: z.string().optional() });
const SubscriptionChange = z.strictObject({
  /** One subscription; without it all of the room, or all there are. */
  id: z.string().optional(),
  room: z.string().optional(),
  make: z.enum(["normal", "silent", "slow", "dropping", "unauthorized", "expired", "removed"]),
});
const Lifecycle = z.strictObject({
  id: z.string().optional(),
  room: z.string().optional(),
  event: z.enum(LIFECYCLE_EVENTS),
});
const One = z.strictObject({ room: z.string(), id: z.string() });

/** `/sandbox/graph/<action>`: what people and time do to rooms. */
export const GRAPH_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  ...PEOPLE_ACTIONS,
  /** Makes a room or a person, or changes it. */
  rooms: putRoom,
  "expire-delta": expireDelta,
  subscriptions: changeSubscriptions,
  lifecycle: announce,
  /** The item is filed elsewhere in its mailbox: another id, the same immutable id. */
  refile(call) {
    const { room, id } = readControl(call, One);
    const mailbox = roomNamed(call, room);
    const event = eventNamed(call, mailbox, id, undefined);
    return shown(storeEvent(call, mailbox, { ...event, filing: event.filing + 1 }, "updated"));
  },
  /** It vanishes without a tombstone. */
  purge(call) {
    const { room, id } = readControl(call, One);
    const mailbox = roomNamed(call, room);
    eventsOf(call.world).remove(mailbox.id, eventNamed(call, mailbox, id, undefined).key);
    return json(200, { purged: id });
  },
};

function putRoom(call: Call): Reply {
  const { person, capacity, building, list, listName, ...given } = readControl(call, Room);
  if (list !== undefined) putRoomList(call.world, list, listName ?? list);
  const room = person ? {} : { room: { capacity, building, ...(list === undefined ? {} : { list }) } };
  return json(200, putMailbox(call.world, { ...given, ...room }));
}

function expireDelta(call: Call): Reply {
  const { room } = readControl(call, Rooms);
  const hit = room === undefined ? mailboxesOf(call.world).all("mailboxes") : [roomNamed(call, room)];
  for (const mailbox of hit) {
    mailboxesOf(call.world).put("mailboxes", mailbox.id, { ...mailbox, deltaEpoch: mailbox.deltaEpoch + 1 });
  }
  return json(200, { mailboxes: hit.length });
}

function changeSubscriptions(call: Call): Reply {
  const { make, ...which } = readControl(call, SubscriptionChange);
  const hit = subscriptionsNamed(call, which);
  const shelf = subscriptionsOf(call.world);
  for (const row of hit) {
    if (make === "removed") shelf.remove("subscriptions", row.id);
    else if (make === "expired") shelf.put("subscriptions", row.id, { ...row, expiresMs: call.world.now() });
    else shelf.put("subscriptions", row.id, { ...row, delivery: make });
  }
  return json(200, { subscriptions: hit.length });
}

function announce(call: Call): Reply {
  const { event, ...which } = readControl(call, Lifecycle);
  const hit = subscriptionsNamed(call, which);
  for (const row of hit) sendLifecycle(call, row, event);
  return json(200, { subscriptions: hit.length });
}

function subscriptionsNamed(
  call: Call,
  { id, room }: { readonly id?: string | undefined; readonly room?: string | undefined },
): SubscriptionRow[] {
  const mailbox = room === undefined ? undefined : roomNamed(call, room);
  return subscriptionsOf(call.world)
    .all("subscriptions")
    .filter((row) => (id ?? row.id) === row.id && (mailbox?.id ?? row.mailbox) === row.mailbox);
}
