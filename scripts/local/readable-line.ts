/** One line of the structured log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Which zone a resource's times are shown in; undefined for resources the configuration lacks. */
export type ZoneOf = (resource: string) => string | undefined;

const VERBS: Readonly<Record<string, string>> = { create: "created", update: "updated", cancel: "cancelled" };
const LOUD = new Set(["NOTICE", "WARNING", "ERROR", "CRITICAL"]);
const HEAD = new Set(["severity", "message", "time", "stack_trace", "ws", "logging.googleapis.com/trace"]);

/**
 * What a person at the terminal sees of a log line; undefined for lines that only the log file keeps.
 * Each carried-out change is one line, and so is whatever an operator should know:
 *
 *     10:02:11  bay-1  uschedule 1001 → gcal  created  Tue 12 Jan 09:00–10:00  (create-event)
 */
export function readableLine(line: LogLine, zoneOf: ZoneOf): string | undefined {
  const text = isSync(line) ? syncText(line, zoneOf) : loudText(line);
  return text === undefined ? undefined : `${clockText(textOf(line.time))}  ${text}`;
}

function isSync(line: LogLine): boolean {
  return typeof line.action === "string" && typeof line.direction === "string";
}

function syncText(line: LogLine, zoneOf: ZoneOf): string {
  const resource = textOf(line.resource);
  const [from = "?", to = "?"] = textOf(line.direction).toLowerCase().split("_to_");
  const id = textOf(line.appointmentId);
  const route = to === "gcal" || to === "outlook" ? `${from} ${id} → ${to}` : `${from} → ${to} ${id}`;
  const done = line.code === undefined ? doneText(line) : failureText(line);
  const when = whenText(textOf(line.start), textOf(line.end), zoneOf(resource) ?? "UTC");
  return [resource, route, done, when, `(${textOf(line.rule)})`].filter((part) => part !== "").join("  ");
}

/** A rebooking names the id the booking lives on under. */
function doneText(line: LogLine): string {
  const answer = textOf(line.answer);
  return answer.startsWith("rebooked") ? answer : (VERBS[textOf(line.action)] ?? textOf(line.action));
}

function failureText(line: LogLine): string {
  const provider = line.providerError === undefined ? "" : ` ${textOf(line.providerError)}`;
  return `NOT ${VERBS[textOf(line.action)] ?? textOf(line.action)}: ${textOf(line.code)}${provider}`;
}

function loudText(line: LogLine): string | undefined {
  const severity = textOf(line.severity);
  if (!LOUD.has(severity)) return undefined;
  const fields = Object.entries(line)
    .filter(([name, value]) => !HEAD.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${textOf(value)}`);
  const mark = severity === "NOTICE" ? "·" : "!";
  return [`${mark} ${textOf(line.message)}`, ...fields].join("  ");
}

/** `Tue 12 Jan 09:00–10:00`, with the day of the end where it is another one; all-day spans by date. */
export function whenText(start: string, end: string, zone: string): string {
  if (start === "") return "";
  if (!start.includes("T"))
    return start === end || end === "" ? dayText(start, "UTC") : `${dayText(start, "UTC")} all day`;
  const [from, to] = [dayText(start, zone), end === "" ? "" : dayText(end, zone)];
  const first = `${from} ${minuteText(start, zone)}`;
  if (end === "") return first;
  return from === to ? `${first}–${minuteText(end, zone)}` : `${first} – ${to} ${minuteText(end, zone)}`;
}

function dayText(at: string, zone: string): string {
  return formatsOf(zone).day.format(new Date(at)).replace(",", "");
}

function minuteText(at: string, zone: string): string {
  return formatsOf(zone).minute.format(new Date(at));
}

const formats = new Map<string, Record<"day" | "minute", Intl.DateTimeFormat>>();

/** A formatter is dear to make. */
function formatsOf(timeZone: string): Record<"day" | "minute", Intl.DateTimeFormat> {
  const made = formats.get(timeZone) ?? {
    day: new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short" }),
    minute: new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }),
  };
  formats.set(timeZone, made);
  return made;
}

/** Time of day on this machine. */
function clockText(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? "--:--:--" : at.toTimeString().slice(0, 8);
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
