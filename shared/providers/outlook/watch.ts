import { type ErrorCode, isError, LockstepError } from "../../errors.ts";
import type { CalendarWatcher } from "../../ports/calendar.ts";
import type { Clock } from "../../ports/clock.ts";
import { type Instant, later } from "../../sync/time.ts";
import { pathOfLink } from "./client.ts";
import { brokenAnswer, type Call, type Failure } from "./failures.ts";
import { eventsPath, type Mailbox } from "./mailbox.ts";
import { GraphList, OpenSubscription, Subscription } from "./schema.ts";

/** What Graph takes as clientState. */
const MAX_TOKEN = 128;
const MINUTE_MS = 60_000;
/** Pages of our app's subscriptions that are looked through for one in the way. */
const LIST_PAGES = 20;

type Channel = Parameters<CalendarWatcher["watch"]>[0];

/**
 * Subscribes to the mailbox's events. The token comes back with every push as `clientState`; life-cycle
 * notices go to the same address, since they cannot be asked for later. There can be but one for the same
 * resource (409): the one before, ours at this address, makes way. Its place is empty for a moment; the
 * caller lists after opening.
 */
export async function openSubscription(mailbox: Mailbox, clock: Clock, channel: Channel) {
  if (channel.token.length > MAX_TOKEN) {
    throw new LockstepError("WATCH_REFUSED", {
      detail: `Microsoft Graph: the token of channel ${channel.id} is longer than a clientState may be (${MAX_TOKEN}).`,
    });
  }
  try {
    return await subscribe(mailbox, clock, channel);
  } catch (error) {
    if (!isError(error, "INVALID_STATE")) throw error;
  }
  await makeWay(mailbox, channel);
  try {
    return await subscribe(mailbox, clock, channel);
  } catch (error) {
    if (!isError(error, "INVALID_STATE")) throw error;
    throw new LockstepError("WATCH_REFUSED", {
      detail: `Microsoft Graph: another subscription of the same app stands on ${mailbox.calendarId}, at an address that is not ours.`,
      provider: "409",
    });
  }
}

async function subscribe(
  mailbox: Mailbox,
  clock: Clock,
  { id, address, token, ttlSeconds }: Channel,
): Promise<{ readonly resourceId: string; readonly expiresAt: Instant }> {
  const call: Call = { does: `opening channel ${id} on calendar ${mailbox.calendarId}`, means: refusal };
  const longest = mailbox.settings.subscriptionMinutes * MINUTE_MS;
  const body = {
    changeType: "created,updated,deleted",
    notificationUrl: address,
    lifecycleNotificationUrl: address,
    resource: eventsPath(mailbox),
    expirationDateTime: later(clock.now(), Math.min(ttlSeconds * 1000, longest)),
    clientState: token,
  };
  return mailbox.client.call(call, { method: "POST", path: "/subscriptions", body }, (data) => {
    const opened = Subscription.safeParse(data);
    const endsAt = opened.success ? Date.parse(opened.data.expirationDateTime) : Number.NaN;
    if (!opened.success || Number.isNaN(endsAt)) throw brokenAnswer(call.does, "it has no id or expiration");
    return { resourceId: opened.data.id, expiresAt: new Date(endsAt).toISOString() };
  });
}

/** 400 is a failed handshake or address, 403 a mailbox that may not be watched (S48); 409 a subscription that stands already. */
function refusal({ status }: Failure): ErrorCode | undefined {
  if (status === 409) return "INVALID_STATE";
  return status === 400 || status === 403 ? "WATCH_REFUSED" : undefined;
}

async function makeWay(mailbox: Mailbox, { address }: Channel): Promise<void> {
  const resource = resourceName(eventsPath(mailbox));
  const call = { does: `listing subscriptions before one on calendar ${mailbox.calendarId}` };
  const inTheWay: string[] = [];
  let path: string | undefined = "/subscriptions";
  for (let count = 0; path !== undefined && count < LIST_PAGES; count += 1) {
    const list: GraphList = await mailbox.client.call(call, { method: "GET", path }, (data) =>
      readList(data, call.does),
    );
    for (const item of list.value) {
      const open = OpenSubscription.safeParse(item);
      if (!open.success || open.data.notificationUrl !== address) continue;
      if (resourceName(open.data.resource) === resource) inTheWay.push(open.data.id);
    }
    const link: string | null | undefined = list["@odata.nextLink"];
    path = link == null ? undefined : pathOfLink(link);
  }
  for (const id of inTheWay) await stopSubscription(mailbox.client, { id, resourceId: id });
}

/** Graph may give a resource back without its first slash, and in letters of its own. */
function resourceName(resource: string): string {
  return decodeURIComponent(resource).replace(/^\//, "").toLowerCase();
}

function readList(data: unknown, does: string): GraphList {
  const list = GraphList.safeParse(data);
  if (!list.success) throw brokenAnswer(does, "it is no list");
  return list.data;
}

export async function stopSubscription(
  client: Mailbox["client"],
  { id, resourceId }: Parameters<CalendarWatcher["stop"]>[0],
): Promise<void> {
  const call: Call = {
    does: `stopping channel ${id}`,
    means: ({ status }) => (status === 404 || status === 410 ? "NOT_FOUND" : undefined),
  };
  const path = `/subscriptions/${encodeURIComponent(resourceId)}`;
  try {
    await client.call(call, { method: "DELETE", path }, () => undefined);
  } catch (error) {
    if (!isError(error, "NOT_FOUND")) throw error;
  }
}
