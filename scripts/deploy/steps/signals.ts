/** What is counted in the logs, and what somebody is told of. Messages are those that `shared/` writes. */
export interface Signal {
  /** `lockstep-<id>` is the metric's name. */
  readonly id: string;
  readonly title: string;
  /** The static message of the log line (STYLE rule 25). */
  readonly message: string;
  /** Told when more than this many come within five minutes; left out: only shown. */
  readonly alertAbove?: number;
  /** What the person who is told does. */
  readonly remedy?: string;
}

export const SIGNALS: readonly Signal[] = [
  { id: "changes", title: "Changes carried out", message: "effect carried out" },
  {
    id: "failed-changes",
    title: "Changes that failed",
    message: "effect failed",
    alertAbove: 20,
    remedy: "GET /api/event-maps?status=error shows them with their reason; they are tried again by themselves.",
  },
  {
    id: "dead-letters",
    title: "Messages given up",
    message: "message kept as dead letter",
    alertAbove: 0,
    remedy: "GET /api/dead-letters shows them with their reason.",
  },
  {
    id: "failed-requests",
    title: "Requests that failed",
    message: "request failed",
    alertAbove: 5,
    remedy: "The log line has the stack; the function's name stands in its field `function`.",
  },
  {
    id: "breakers",
    title: "Mass deletions held",
    message: "breaker tripped",
    alertAbove: 0,
    remedy: "GET /api/holds shows what waits: approve or reject it.",
  },
  {
    id: "false-starts",
    title: "Functions that cannot start",
    message: "function cannot start",
    alertAbove: 0,
    remedy: "The log line has the reason: most often the configuration or a variable. npm run doctor looks further.",
  },
  {
    id: "refused-callers",
    title: "Callers refused",
    message: "credential refused",
    alertAbove: 50,
    remedy: "Somebody tries keys, or a key was revoked that is still in use: the log lines say which edge.",
  },
  { id: "unread-sources", title: "Booking sources not read", message: "source could not be read" },
  { id: "unread-calendars", title: "Calendars not read", message: "calendar could not be read" },
];

export function metricName({ id }: Pick<Signal, "id">): string {
  return `lockstep-${id}`;
}

export function filterOf({ message }: Pick<Signal, "message">): string {
  return `resource.type="cloud_run_revision" AND jsonPayload.message="${message}"`;
}
