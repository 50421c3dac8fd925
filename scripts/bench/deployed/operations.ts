import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { makePushToken } from "../../../shared/edge/push-token.ts";
import { messageOf, TOPIC as TOUCHED } from "../../../shared/topics/calendar-touched.ts";
import { TOPIC as MAILBOX } from "../../../shared/topics/mailbox-touched.ts";
import type { PublishedMessage } from "./google-stand-in.ts";
import { CALENDAR, PUSH_KEY, type Surroundings, WEBHOOK_SECRET, WS } from "./surroundings.ts";

/** One real request for a function, as its trigger sends it, and the status that says it was done. */
export interface Operation {
  readonly path: string;
  readonly init: RequestInit;
  readonly status: number;
}

type Prepare = (around: Surroundings) => Promise<Operation>;

const CHANNEL = "channel-1";
const token = () => makePushToken({ ws: WS, calendarId: CALENDAR, channelId: CHANNEL }, PUSH_KEY);

/** By function. Each call prepares an operation of its own: another booking, another delivery. */
export const OPERATIONS: Readonly<Record<string, Prepare>> = {
  "gcal-push": async () => ({
    path: "/",
    status: 204,
    init: {
      method: "POST",
      headers: {
        "x-goog-channel-token": token(),
        "x-goog-channel-id": CHANNEL,
        "x-goog-resource-state": "exists",
        "x-goog-message-number": "2",
      },
    },
  }),
  "graph-push": async () => ({
    path: "/",
    status: 202,
    init: post({ value: [{ subscriptionId: CHANNEL, clientState: token(), changeType: "updated" }] }),
  }),
  "booking-webhook": async (around) => {
    const { head, body } = delivery(await bookIn(around));
    return {
      path: `/${WS}/uschedule`,
      status: 202,
      init: { method: "POST", body, headers: { ...head, "content-type": "application/json" } },
    };
  },
  "booking-inbox": async (around) => {
    const { head, body } = delivery(await bookIn(around));
    return pushed(around, {
      topic: "booking-inbox",
      data: Buffer.from(body).toString("base64"),
      attributes: { ws: WS, source: "uschedule", ...head },
    });
  },
  "calendar-pull": async (around) => {
    const { data, attributes } = messageOf({ ws: WS, calendarId: CALENDAR, via: "poll" });
    return pushed(around, { topic: TOUCHED, data: Buffer.from(data).toString("base64"), attributes });
  },
  // Gmail's own notice, of an account that nobody has connected: the store is asked whose it is.
  "gmail-poll": async (around) => {
    const data = Buffer.from(JSON.stringify({ emailAddress: "nobody@example.org", historyId: 7 })).toString("base64");
    return pushed(around, { topic: MAILBOX, data, attributes: {} });
  },
  sync: async (around) => pushed(around, observation(await bookIn(around))),
  "dead-letter": async (around) => pushed(around, observation(await bookIn(around))),
  "source-poll": (around) => scheduled(around),
  // The tick in which the hourly compare is due, too: the dearest of twelve.
  sweep: async (around) => {
    await around.forget("jobs", "compare");
    return scheduled(around, { only: "due" });
  },
  "watch-renewal": (around) => scheduled(around),
  api: async () => ({ path: "/health", status: 200, init: {} }),
};

function post(body: object, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } };
}

async function scheduled({ issuer }: Surroundings, body: object = {}): Promise<Operation> {
  return { path: "/", status: 204, init: post(body, { authorization: await issuer.authorization() }) };
}

/** A message in the envelope in which Pub/Sub pushes it. */
async function pushed({ issuer }: Surroundings, message: PublishedMessage): Promise<Operation> {
  const { data, attributes, topic } = message;
  const envelope = {
    message: { data, attributes, messageId: crypto.randomUUID(), publishTime: new Date().toISOString() },
    subscription: `projects/lockstep-deployed/subscriptions/${topic}`,
    deliveryAttempt: 1,
  };
  return { path: "/", status: 204, init: post(envelope, { authorization: await issuer.authorization() }) };
}

/** What `booking-webhook` tells of a booking. */
function observation({ AppointmentID }: Appointment): PublishedMessage {
  const body = {
    kind: "booking-seen",
    ...{ ws: WS, source: "uschedule", resource: "bay-1" },
    run: { id: crypto.randomUUID(), complete: false, absent: 0 },
    seenAt: new Date().toISOString(),
    items: [{ bookingId: String(AppointmentID), evidence: "seen" }],
  };
  const attributes = { ws: WS, kind: "booking-seen", orderingKey: `${WS}/bay-1` };
  return { topic: "observations", data: Buffer.from(JSON.stringify(body)).toString("base64"), attributes };
}

const Appointment = z.object({ AppointmentID: z.number(), StartTime: z.string(), EndTime: z.string() });
type Appointment = z.infer<typeof Appointment>;

/** Words of guests: no log may hold them. */
export const GUEST = "Zebulon Quaggaburn";
export const NOTES = "Key under the mat, call 01632-960961";

let booked = 0;

/** Somebody books Bay 1: an hour of its own, from tomorrow on. */
async function bookIn({ sandbox }: Surroundings): Promise<Appointment> {
  const hour = booked++;
  const day = new Date(Date.now() + (1 + Math.floor(hour / 12)) * 86_400_000).toISOString().slice(0, 10);
  const start = `${day}T${String(8 + (hour % 12)).padStart(2, "0")}:00:00`;
  const guest = { ResourceName: "Bay 1", StartTime: start, ServiceLength: 60, CustomerName: GUEST, Notes: NOTES };
  const answer = await fetch(`${sandbox.url}/sandbox/uschedule/book`, post(guest));
  return Appointment.parse(await answer.json());
}

/** The booking system's signed webhook. */
function delivery({ AppointmentID, StartTime, EndTime }: Appointment) {
  const at = new Date();
  const data = { AppointmentID, ResourceName: "Bay 1", StartTime, EndTime, StatusID: 1, CustomerName: GUEST };
  const body = JSON.stringify({ type: "appointment.created", timestamp: at.toISOString(), data });
  const id = `msg_${crypto.randomUUID()}`;
  const head = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(WEBHOOK_SECRET).sign(id, at, body),
  };
  return { head, body };
}
