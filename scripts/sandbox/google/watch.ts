import { postNotice } from "../outbox.ts";
import { isRecord, json, noContent, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { readableCalendar } from "./access.ts";
import { invalid, notFound, refuse } from "./errors.ts";
import type { ChannelRow } from "./rows.ts";
import { channelsOf } from "./shelves.ts";

const DEFAULT_TTL_SECONDS = 604_800;
const MAX_ID = 64;
const MAX_TOKEN = 256;

/** `events.watch`: opens a channel and sends it `sync`, message 1. */
export function watchEvents(call: Call, [calendarId = ""]: readonly string[]): Reply {
  const calendar = readableCalendar(call, calendarId);
  if (call.faults.has("watch-refused")) refuseAddress();
  const { id, address, token, ttlSeconds } = readChannel(call);
  const { world } = call;
  if (channelsOf(world).get("channels", id) !== undefined) {
    refuse(400, { reason: "channelIdNotUnique", message: "Channel id not unique" });
  }
  const expiresMs = world.now() + Math.min(ttlSeconds, world.options().channelSeconds) * 1000;
  const named = token === undefined ? {} : { token };
  const channel = {
    id,
    address,
    ...named,
    resourceId: calendar.resourceId,
    calendarId,
    expiresMs,
    messages: 0,
    silent: false,
  };
  tell(call, channel, "sync");
  return json(200, {
    kind: "api#channel",
    id,
    resourceId: channel.resourceId,
    resourceUri: resourceUri(call, calendarId),
    ...named,
    expiration: String(expiresMs),
  });
}

/** `channels.stop`: 204; 404 where no such channel is open. */
export function stopChannel(call: Call): Reply {
  const sent = parseJson(call.request.body);
  const id = isRecord(sent) && typeof sent.id === "string" ? sent.id : invalid("Missing channel id.", "id");
  const channel = channelsOf(call.world).get("channels", id);
  const named = isRecord(sent) ? sent.resourceId : undefined;
  if (channel === undefined || named !== channel.resourceId || channel.expiresMs <= call.world.now()) notFound();
  channelsOf(call.world).remove("channels", id);
  return noContent();
}

/** Tells every open channel of the calendar that something changed; expired ones are forgotten. */
export function notifyChannels(call: Call, calendarId: string): void {
  for (const channel of channelsOf(call.world).all("channels")) {
    if (channel.expiresMs <= call.world.now()) channelsOf(call.world).remove("channels", channel.id);
    else if (channel.calendarId === calendarId && !channel.silent) tell(call, channel, "exists");
  }
}

function tell(call: Call, channel: ChannelRow, state: "sync" | "exists"): void {
  // Numbers grow, but not always by one (API_FACTS §1).
  const number = state === "sync" ? 1 : channel.messages + 1 + Math.floor(call.world.dice.roll() * 3);
  channelsOf(call.world).put("channels", channel.id, { ...channel, messages: number });
  const token = channel.token === undefined ? {} : { "x-goog-channel-token": channel.token };
  postNotice(call, {
    from: "google",
    receiver: channel.id,
    url: channel.address,
    headers: {
      "x-goog-channel-id": channel.id,
      ...token,
      "x-goog-channel-expiration": new Date(channel.expiresMs).toUTCString(),
      "x-goog-resource-id": channel.resourceId,
      "x-goog-resource-uri": resourceUri(call, channel.calendarId),
      "x-goog-resource-state": state,
      "x-goog-message-number": String(number),
      "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
    },
    body: "",
  });
}

function resourceUri(call: Call, calendarId: string): string {
  return `${call.origin}/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?alt=json`;
}

function readChannel(call: Call): { id: string; address: string; token?: string; ttlSeconds: number } {
  const sent = parseJson(call.request.body);
  if (!isRecord(sent)) return refuse(400, { reason: "parseError", message: "Parse Error" });
  const { id, type, address, token, expiration } = sent;
  if (typeof id !== "string" || !/^[A-Za-z0-9\-_+/=]+$/.test(id) || id.length > MAX_ID)
    return invalid("Invalid channel id.", "id");
  if (type !== "web_hook" && type !== "webhook") return invalid("Unknown channel type.", "type");
  if (typeof address !== "string" || !URL.canParse(address)) return invalid("Invalid webhook address.", "address");
  if (call.world.options().requireHttps && !address.startsWith("https://")) refuseAddress();
  if (token !== undefined && (typeof token !== "string" || token.length > MAX_TOKEN))
    return invalid("Invalid token.", "token");
  const ttl = isRecord(sent.params) ? Number(sent.params.ttl ?? DEFAULT_TTL_SECONDS) : DEFAULT_TTL_SECONDS;
  const wished = expiration === undefined ? ttl : (Number(expiration) - call.world.now()) / 1000;
  if (!(wished > 0)) return invalid("Invalid channel life.", "params.ttl");
  return { id, address, ttlSeconds: wished, ...(typeof token === "string" ? { token } : {}) };
}

function refuseAddress(): never {
  refuse(401, { reason: "webhookUrlUnauthorized", message: "Unauthorized WebHook callback channel." });
}
