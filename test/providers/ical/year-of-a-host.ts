import { calendar, days } from "../../stays/feeds.ts";

const DAY_MS = 86_400_000;

/** A stay as it truly is; `good` counts readings of the truth since it was cancelled. */
export interface TrueStay {
  readonly key: number;
  start: string;
  end: string;
  readonly code: string;
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
  /** Codes stand in the feed. */
  readonly coded: boolean;
  readonly uids: "dates" | "daily" | "fetch";
  readonly random: () => number;
}

export function openHost({ coded, uids, random }: Habits): Host {
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
    else if (coded && random() < 0.006) move(any);
  }

  function add(day: string): void {
    const start = addDays(day, 2 + Math.floor(random() * 200));
    const end = addDays(start, 1 + Math.floor(random() * 6));
    if (live(day).some((stay) => stay.start < end && start < stay.end)) return;
    const key = stays.length;
    stays.push({ key, start, end, code: coded ? `HM${String(key).padStart(8, "0")}` : "", good: 0 });
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
    return calendar(
      coded ? "-//Airbnb Inc//Hosting Calendar 1.0//EN" : "-//admin.booking.com//NONSGML v1.0//EN",
      ...shown.map((stay) => {
        const isRunning = stay.start < day;
        const uid = {
          dates: `${stay.key}-${stay.end}`,
          daily: `${stay.key}-${isRunning ? day : ""}`,
          fetch: `${stay.key}-${fetches}`,
        };
        const start = isRunning && uids !== "dates" ? day : stay.start;
        const mark = `x${Math.imul(stay.key + 1, 2_654_435_761) >>> 0}-${uid[uids]}@host`;
        if (!coded) return days(mark, start, stay.end, "CLOSED - Not available");
        return days(
          mark,
          start,
          stay.end,
          "Reserved",
          `DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/details/${stay.code}`,
        );
      }),
    );
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
