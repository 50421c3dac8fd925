import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/** The studio's two systems and Lockstep's API, used from outside over HTTP as staff and guests would. */
const Appointment = z.object({
  AppointmentID: z.number(),
  ResourceName: z.string(),
  StartTime: z.string(),
  EndTime: z.string(),
  StatusID: z.number(),
  CustomerName: z.string(),
});
export type Appointment = z.infer<typeof Appointment>;

const Moment = z.object({ dateTime: z.string().optional(), date: z.string().optional() });
const Event = z.object({
  id: z.string(),
  calendarId: z.string(),
  status: z.string(),
  summary: z.string().optional(),
  start: Moment.optional(),
  end: Moment.optional(),
  etag: z.string(),
  updated: z.string(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).optional() }).optional(),
});
export type Event = z.infer<typeof Event>;

const State = z.object({
  google: z.object({ calendars: z.array(z.object({ id: z.string(), events: z.array(Event) })) }),
  uschedule: z.object({ appointments: z.array(Appointment) }),
});

const Faults = z.object({ rules: z.array(z.unknown()) });
const Calls = z.object({ calls: z.array(z.object({ api: z.string(), operation: z.string() })) });

const Problem = z.object({ code: z.string().optional(), detail: z.string().optional() });

interface RawDelivery {
  readonly id: string;
  readonly text: string;
  readonly at?: Date;
  readonly signature?: string;
}

export const ZONE = "Europe/London";
export const BAYS = [
  { resource: "bay-1", name: "Bay 1", calendar: "loft-bay-1@sandbox", number: "1" },
  { resource: "bay-2", name: "Bay 2", calendar: "loft-bay-2@sandbox", number: "2" },
] as const;
export type Bay = (typeof BAYS)[number];

export interface Place {
  readonly url: string;
  readonly sandboxUrl: string;
  readonly data: string;
}

export type Studio = ReturnType<typeof openStudio>;

export function openStudio({ url, sandboxUrl, data }: Place) {
  const staff = async (action: string, body: object) =>
    send(`${sandboxUrl}/sandbox/uschedule/${action}`, { method: "POST", body: JSON.stringify(body) });
  const state = async () => State.parse(await send(`${sandboxUrl}/sandbox/state`));
  const eventUrl = (calendar: string, id: string) =>
    `${sandboxUrl}/google/calendar/v3/calendars/${encodeURIComponent(calendar)}/events/${id}`;
  const asStaff = { authorization: "Bearer staff", "content-type": "application/json" };

  return {
    /** `start` is local to the studio, e.g. `2027-01-10T09:00:00`; one hour unless said otherwise. */
    book: async (bay: Bay, start: string, customer: string, minutes = 60) =>
      Appointment.parse(
        await staff("book", {
          ResourceName: bay.name,
          StartTime: start,
          ServiceLength: minutes,
          CustomerName: customer,
        }),
      ),
    /** Changes an appointment in place, as staff can on USchedule's own screens. */
    edit: (id: number, fields: object) => staff("edit", { AppointmentID: id, ...fields }),
    cancel: (id: number) => staff("cancel", { AppointmentID: id }),
    reenable: (id: number) => staff("reenable", { AppointmentID: id }),

    async appointments(): Promise<Appointment[]> {
      return (await state()).uschedule.appointments;
    },
    async appointment(id: number): Promise<Appointment | undefined> {
      return (await state()).uschedule.appointments.find((row) => row.AppointmentID === id);
    },
    /** Live events of one calendar, or of all. */
    async events(calendar?: string): Promise<Event[]> {
      const { calendars } = (await state()).google;
      return calendars
        .filter(({ id }) => calendar === undefined || id === calendar)
        .flatMap(({ events }) => events)
        .filter((event) => event.status !== "cancelled");
    },

    /** What a person does in the calendar's own UI. */
    drag: (event: Event, start: string, minutes = 60) =>
      send(eventUrl(event.calendarId, event.id), {
        method: "PATCH",
        headers: asStaff,
        body: JSON.stringify({ start: zoned(start), end: zoned(plus(start, minutes)) }),
      }),
    patchEvent: (event: Event, body: object) =>
      send(eventUrl(event.calendarId, event.id), { method: "PATCH", headers: asStaff, body: JSON.stringify(body) }),
    deleteEvent: (event: Event) => send(eventUrl(event.calendarId, event.id), { method: "DELETE", headers: asStaff }),
    /** An event that has nothing to do with Lockstep. */
    addOwnEvent: async (bay: Bay, start: string, summary: string) =>
      z.object({ id: z.string() }).parse(
        await send(`${sandboxUrl}/google/calendar/v3/calendars/${encodeURIComponent(bay.calendar)}/events`, {
          method: "POST",
          headers: asStaff,
          body: JSON.stringify({ summary, start: zoned(start), end: zoned(plus(start, 60)) }),
        }),
      ).id,

    /** A standing order to fail, as the sandbox's README says. */
    fault: (rule: object) =>
      send(`${sandboxUrl}/sandbox/faults`, { method: "POST", body: JSON.stringify({ rules: [rule] }) }),
    clearFaults: () => send(`${sandboxUrl}/sandbox/faults`, { method: "DELETE" }),
    /** Rules that are not spent yet. */
    async faults(): Promise<unknown[]> {
      return Faults.parse(await send(`${sandboxUrl}/sandbox/faults`)).rules;
    },

    /** Calls to the studio's two providers since the last `forgetCalls`, as `google events.patch`. */
    async calls(): Promise<string[]> {
      const { calls } = Calls.parse(await send(`${sandboxUrl}/sandbox/calls`));
      const own = calls.filter(({ api }) => api === "google" || api === "uschedule");
      return own.map((call) => `${call.api} ${call.operation}`);
    },
    forgetCalls: () => send(`${sandboxUrl}/sandbox/calls`, { method: "DELETE" }),

    api: (path: string, init?: RequestInit) => send(`${url}/api/${path}`, init),
    /** A signed delivery to Lockstep; answers the status. */
    async webhook(id: string, body: object, at = new Date()): Promise<number> {
      return (await this.rawWebhook({ id, text: JSON.stringify(body), at })).status;
    },
    /** The same with any text and, where given, another signature; answers status and problem. */
    async rawWebhook({ id, text, at = new Date(), signature }: RawDelivery) {
      const answer = await fetch(`${url}/booking-webhook/loft/uschedule`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
          "webhook-signature": signature ?? new Webhook(webhookSecret(data)).sign(id, at, text),
        },
        body: text,
      });
      const { code, detail } = Problem.parse(await answer.json().catch(() => ({})));
      return { status: answer.status, code, detail };
    },
  };
}

/** The answer's JSON; undefined where there is none. Throws where the status is no success. */
async function send(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${url} answered ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

function webhookSecret(data: string): string {
  const secrets = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(data, "secrets.json"), "utf8")));
  return secrets["webhook-loft-uschedule"] ?? "";
}

function zoned(local: string) {
  return { dateTime: local, timeZone: ZONE };
}

/** A local time some minutes later. */
export function plus(local: string, minutes: number): string {
  return Temporal.PlainDateTime.from(local).add({ minutes }).toString({ smallestUnit: "second" });
}

/** `hour` o'clock on the studio's wall, so many days from today. */
export function localTime(day: number, hour: number): string {
  const date = Temporal.Now.zonedDateTimeISO(ZONE).toPlainDate().add({ days: day });
  return date.toPlainDateTime({ hour }).toString({ smallestUnit: "second" });
}

/** When an event starts, on the studio's wall. */
export function startOf(event: Event): string {
  const text = event.start?.dateTime ?? "";
  return Temporal.Instant.from(text).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: "second" });
}

/** The appointment an event says it mirrors. */
export function mirrored(event: Event): string | undefined {
  return event.extendedProperties?.private?.uscheduleAppointmentId;
}
