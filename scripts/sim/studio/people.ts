import type { Sandbox } from "../../sandbox/sandbox.ts";
import { TIME_ZONE } from "./studio-config.ts";

export type Json = Record<string, unknown>;

export interface GoogleEvent {
  readonly id: string;
  readonly etag: string;
  readonly summary?: string;
  readonly description?: string;
  readonly status: string;
  readonly start: { readonly dateTime?: string; readonly date?: string };
  readonly end: { readonly dateTime?: string; readonly date?: string };
  readonly extendedProperties?: { readonly private?: Record<string, string> };
}

/** What people do and see on USchedule's screens and in the calendar, past Lockstep. */
export interface People {
  /** A call of the sandbox; JSON in and out. Throws where it is refused. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json>;
  /** Staff books on USchedule's screen. Local time. Answers the appointment's id. */
  book(bay: 1 | 2, start: string, more?: Json): Promise<string>;
  staff(action: string, body: Json): Promise<Json>;
  appointment(id: string): Promise<Json | undefined>;
  appointments(): Promise<Json[]>;
  /** Live events of a calendar, as Google shows them. */
  events(calendarId: string): Promise<GoogleEvent[]>;
  /** Throws unless the appointment has exactly one event there. */
  eventOf(calendarId: string, appointmentId: string): Promise<GoogleEvent>;
  /** Local times. */
  drag(calendarId: string, eventId: string, start: string, end: string): Promise<GoogleEvent>;
  deleteEvent(calendarId: string, eventId: string): Promise<void>;
}

const HEADERS = { "content-type": "application/json", authorization: "Bearer test", "x-us-application-key": "test" };

export function openPeople(sandbox: Sandbox): People {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Json> {
    const response = await sandbox.fetch(`http://sandbox${path}`, {
      method,
      headers: { ...HEADERS, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  const staff = (action: string, body: Json): Promise<Json> => call("POST", `/sandbox/uschedule/${action}`, body);

  async function appointments(): Promise<Json[]> {
    // Proof: so the sandbox shows its state (`show-state.ts`).
    const { uschedule } = (await call("GET", "/sandbox/state")) as { uschedule?: { appointments?: Json[] } };
    return uschedule?.appointments ?? [];
  }

  async function events(calendarId: string): Promise<GoogleEvent[]> {
    // Proof: a list of Google's, of which only these fields are used.
    const { items } = (await call("GET", eventsPath(calendarId))) as { items?: GoogleEvent[] };
    return items ?? [];
  }

  return {
    call,
    staff,
    appointments,
    events,
    async book(bay, start, more = {}) {
      const order = { ResourceName: `Bay ${bay}`, StartTime: start, ServiceLength: 60, CustomerName: "Maya Lindqvist" };
      return String((await staff("book", { ...order, ...more }))["Id"]);
    },
    async appointment(id) {
      return (await appointments()).find((row) => String(row["AppointmentID"]) === id);
    },
    async eventOf(calendarId, appointmentId) {
      const found = (await events(calendarId)).filter((event) => appointmentOf(event) === appointmentId);
      const [event] = found;
      if (event !== undefined && found.length === 1) return event;
      throw new Error(`${found.length} events of appointment ${appointmentId} on ${calendarId}, 1 expected`);
    },
    async drag(calendarId, eventId, start, end) {
      const at = (dateTime: string) => ({ dateTime, timeZone: TIME_ZONE });
      const path = `${eventsPath(calendarId)}/${eventId}`;
      // Proof: a patch answers the whole event.
      return (await call("PATCH", path, { start: at(start), end: at(end) })) as unknown as GoogleEvent;
    },
    async deleteEvent(calendarId, eventId) {
      await call("DELETE", `${eventsPath(calendarId)}/${eventId}`);
    },
  };
}

export function appointmentOf(event: GoogleEvent): string | undefined {
  return event.extendedProperties?.private?.["uscheduleAppointmentId"];
}

function eventsPath(calendarId: string): string {
  return `/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
}
