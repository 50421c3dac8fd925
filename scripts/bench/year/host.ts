const DAY_MS = 86_400_000;

/** A stay as it truly is; `good` counts readings of the truth since it was cancelled. */
export interface TrueStay {
  readonly key: number;
  start: string;
  end: string;
  /** What the feed tells of it beside the nights: its code, its guest, or nothing. */
  readonly mark: string;
  cancelledAt?: string;
  good: number;
}

/** A host through a year: stays come, move and go, and what is answered is not always the truth. */
export interface Host {
  readonly stays: TrueStay[];
  /** An hour passes; answers what the feed answers now. */
  hour(now: string): Answer;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly isTrue: boolean;
}

export interface Habits {
  /** Airbnb tells codes (and closes days by rules that slide), Vrbo names, Booking.com nothing. */
  readonly tells: "codes" | "names" | "nothing";
  /** New UIDs with new dates, each day for stays under way, or at every fetch. */
  readonly uids: "dates" | "daily" | "fetch";
  readonly random: () => number;
}

export function openHost({ tells, uids, random }: Habits): Host {
  const stays: TrueStay[] = [];
  let fetches = 0;
  let fault: { kind: Fault; hours: number } | undefined;

  function live(day: string): TrueStay[] {
    return stays.filter(({ end, cancelledAt }) => end > day && cancelledAt === undefined);
  }

  function change(now: string): void {
    const day = now.slice(0, 10);
    if (random() < 0.025) add(day);
    const [any] = live(day)
      .filter(({ start }) => start > day)
      .sort(() => random() - 0.5);
    if (any === undefined) return;
    if (random() < 0.008) any.cancelledAt = now;
    else if (tells !== "nothing" && random() < 0.006) move(any);
  }

  function add(day: string): void {
    const start = addDays(day, 2 + Math.floor(random() * 200));
    const end = addDays(start, 1 + Math.floor(random() * 6));
    if (live(day).some((stay) => stay.start < end && start < stay.end)) return;
    const key = stays.length;
    stays.push({ key, start, end, mark: markOf(tells, key), good: 0 });
  }

  /** A night longer, where that is free; a new UID comes along by the host's habit. */
  function move(stay: TrueStay): void {
    const end = addDays(stay.end, 1);
    if (!live(stay.start).some((other) => other !== stay && other.start < end && stay.start < other.end))
      stay.end = end;
  }

  function write(now: string, shown: readonly TrueStay[]): string {
    const day = now.slice(0, 10);
    fetches++;
    const events = shown.map((stay) => {
      const isRunning = stay.start < day;
      const uid = {
        dates: `${stay.key}-${stay.end}`,
        daily: `${stay.key}-${isRunning ? day : ""}`,
        fetch: `${stay.key}-${fetches}`,
      };
      const start = isRunning && uids !== "dates" ? day : stay.start;
      return event(
        `x${Math.imul(stay.key + 1, 2_654_435_761) >>> 0}-${uid[uids]}@host`,
        start,
        stay.end,
        WORDS[tells](stay.mark),
      );
    });
    return calendarOf(PRODIDS[tells], tells === "codes" ? [...events, ...slidingBlocks(day, fetches)] : events);
  }

  return {
    stays,
    hour(now) {
      change(now);
      if (fault !== undefined && --fault.hours <= 0) fault = undefined;
      fault ??= drawFault(random);
      const shown = live(now.slice(0, 10)).sort((a, b) => (a.start < b.start ? -1 : 1));
      return spoil(fault?.kind, shown, (rows) => write(now, rows));
    },
  };
}

const PRODIDS = {
  codes: "-//Airbnb Inc//Hosting Calendar 1.0//EN",
  names: "-//HomeAway.com, Inc.//EN",
  nothing: "-//admin.booking.com//NONSGML v1.0//EN",
};

/** The lines that say what an event is. */
const WORDS: Readonly<Record<Habits["tells"], (mark: string) => readonly string[]>> = {
  codes: (code) => [
    "SUMMARY:Reserved",
    `DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/details/${code}`,
  ],
  names: (name) => [`SUMMARY:Reserved - ${name}`],
  nothing: () => ["SUMMARY:CLOSED - Not available"],
};

const FIRST = ["Ann", "Bashir", "Chloe", "Dmitri", "Esi", "Farid", "Greta", "Hugo", "Ines", "Jonas"];
const LAST = ["Abara", "Bonnet", "Castro", "Dietz", "Eriksen", "Fofana", "Grant", "Hauser", "Ito", "Jansen", "Keller"];

/** No two guests of a year share their name: of namesakes nobody knows which is which (S18). */
function markOf(tells: Habits["tells"], key: number): string {
  if (tells === "codes") return `HM${String(key).padStart(8, "0")}`;
  if (tells === "nothing") return "";
  return `${FIRST[key % FIRST.length]} ${LAST[Math.floor(key / FIRST.length) % LAST.length]}`;
}

/** The notice before an arrival and the end of the booking window: both begin anew each day (S53). */
function slidingBlocks(day: string, fetches: number): string[][] {
  const closed = ["SUMMARY:Airbnb (Not available)"];
  return [
    event(`notice-${fetches}@host`, day, addDays(day, 1), closed),
    event(`window-${fetches}@host`, addDays(day, 365), addDays(day, 730), closed),
  ];
}

function event(uid: string, start: string, end: string, words: readonly string[]): string[] {
  const date = (each: string) => each.replaceAll("-", "");
  const nights = [`DTSTART;VALUE=DATE:${date(start)}`, `DTEND;VALUE=DATE:${date(end)}`];
  return ["BEGIN:VEVENT", `UID:${uid}`, ...nights, ...words, "END:VEVENT"];
}

function calendarOf(prodid: string, events: readonly string[][]): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:${prodid}`, ...events.flat(), "END:VCALENDAR", ""].join("\r\n");
}

type Fault = "down" | "page" | "half-file" | "half" | "empty";

/** Sometimes, and then for up to five hours. */
function drawFault(random: () => number): { kind: Fault; hours: number } | undefined {
  const kinds = ["down", "page", "half-file", "half", "empty"] as const;
  const kind = random() < 0.04 ? kinds[Math.floor(random() * kinds.length)] : undefined;
  return kind === undefined ? undefined : { kind, hours: 1 + Math.floor(random() * 5) };
}

function spoil(
  fault: Fault | undefined,
  shown: readonly TrueStay[],
  write: (rows: readonly TrueStay[]) => string,
): Answer {
  const half = shown.slice(0, Math.floor(shown.length / 2));
  switch (fault) {
    case "down":
      return { status: 503, body: "", isTrue: false };
    case "page":
      return { status: 200, body: "<!doctype html><html><body>Sign in</body></html>", isTrue: false };
    case "half-file": {
      const text = write(shown);
      return { status: 200, body: text.slice(0, text.length / 2), isTrue: false };
    }
    // Of a few stays one is half: nobody could tell that from the truth.
    case "half":
      return shown.length < 4
        ? { status: 200, body: write(shown), isTrue: true }
        : { status: 200, body: write(half), isTrue: false };
    case "empty":
      return shown.length < 2
        ? { status: 200, body: write(shown), isTrue: true }
        : { status: 200, body: write([]), isTrue: false };
    case undefined:
      return { status: 200, body: write(shown), isTrue: true };
  }
}

function addDays(date: string, count: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}
