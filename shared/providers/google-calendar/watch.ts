import { type ErrorCode, isError } from "../../errors.ts";
import type { CalendarWatcher } from "../../ports/calendar.ts";
import type { Client } from "./client.ts";
import { brokenAnswer, type Failure, requireEmpty } from "./failures.ts";
import { GoogleChannel } from "./schema.ts";

const PUSH_REASONS = new Set(["webhookUrlUnauthorized", "webhookUrlNotHttps", "pushNotSupportedForRequestedResource"]);

export function openWatcher(client: Client): CalendarWatcher {
  return {
    watch: (channel) => openChannel(client, channel),
    stop: (channel) => stopChannel(client, channel),
  };
}

async function openChannel(client: Client, channel: Parameters<CalendarWatcher["watch"]>[0]) {
  const { calendarId, id, address, token, ttlSeconds } = channel;
  const does = `opening channel ${id} on calendar ${calendarId}`;
  const requestBody = { id, type: "web_hook", address, token, params: { ttl: String(ttlSeconds) } };
  const data = await client.call({ does, means: refusal }, (api, options) =>
    api.events.watch({ calendarId, requestBody }, options),
  );
  const opened = GoogleChannel.safeParse(data);
  if (!opened.success) throw brokenAnswer(does, "it has no resource id or expiration");
  return { resourceId: opened.data.resourceId, expiresAt: new Date(opened.data.expiration).toISOString() };
}

/**
 * `channelIdNotUnique` after a lost answer: the channel is open but its resource id is not known.
 * That one runs out by itself; the caller opens another under a new id.
 */
function refusal({ status, reason }: Failure): ErrorCode | undefined {
  if (reason === "channelIdNotUnique") return "PROVIDER_UNAVAILABLE";
  return status === 400 || (reason !== undefined && PUSH_REASONS.has(reason)) ? "WATCH_REFUSED" : undefined;
}

async function stopChannel(client: Client, channel: Parameters<CalendarWatcher["stop"]>[0]): Promise<void> {
  const { id, resourceId } = channel;
  const does = `stopping channel ${id}`;
  const means = ({ status }: Failure) => (status === 404 || status === 410 ? "NOT_FOUND" : undefined);
  try {
    const data = await client.call({ does, means }, (api, options) =>
      api.channels.stop({ requestBody: { id, resourceId } }, options),
    );
    requireEmpty(data, does);
  } catch (error) {
    if (!isError(error, "NOT_FOUND")) throw error;
  }
}
