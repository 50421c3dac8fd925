import type { Log, LogFields, Severity } from "../ports/log.ts";
import { currentTrace } from "./trace.ts";

/**
 * One JSON object per line on stdout, as Google's logging agent reads it (API_FACTS §8). Locally the same
 * lines are shown in a readable form by whoever passes its own `out`.
 */
export interface LogOptions {
  /** Project the traces belong to; without one the bare trace id is written. */
  readonly project?: string;
  /** Written with every line, e.g. the function's name. */
  readonly labels?: LogFields;
  readonly out?: (line: string) => void;
}

const MAX_TEXT = 2_000;
const WITHHELD = "[withheld]";

/** Names that hold credentials or what a guest wrote; their values never leave, whoever logs them. */
const PRIVATE_NAME =
  /token$|secret|passw|authoriz|cookie|credential|signature|api-?key$|^(customer|guest|title|summary|description|notes|body|content|phone|email|name)$/i;

/** Values that are credentials wherever they turn up. */
const CREDENTIALS = [
  /\bBearer\s+[\w.~+/=-]{16,}/gi,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\bwhsec_[A-Za-z0-9+/=]+/g,
  /\blsk_[\w-]+/g,
  /\bya29\.[\w-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** The log of one instance. */
export function createLog(options: LogOptions = {}): Log {
  const out = options.out ?? ((line) => process.stdout.write(`${line}\n`));
  return {
    write: (severity, message, fields = {}) => out(JSON.stringify(lineOf(options, severity, message, fields))),
  };
}

function lineOf(options: LogOptions, severity: Severity, message: string, fields: LogFields): object {
  const trace = currentTrace();
  return {
    ...shown(fields),
    ...options.labels,
    severity,
    message,
    time: new Date().toISOString(),
    ...(trace === undefined ? {} : { "logging.googleapis.com/trace": traceName(options.project, trace) }),
  };
}

function traceName(project: string | undefined, trace: string): string {
  return project === undefined ? trace : `projects/${project}/traces/${trace}`;
}

function shown(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, safe(name, value)]));
}

function safe(name: string, value: LogFields[string]): LogFields[string] {
  if (typeof value !== "string") {
    return value;
  }
  if (PRIVATE_NAME.test(name)) {
    return WITHHELD;
  }
  const text = CREDENTIALS.reduce((left, credential) => left.replace(credential, WITHHELD), value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/**
 * Where an unforeseen error came from, for a log field: its class, code and frames, and those of its
 * causes. Messages of foreign errors are left out, since parsers and clients quote guest data in them.
 */
export function stackOf(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error; cause instanceof Error && parts.length < 5; cause = cause.cause) {
    parts.push([headOf(cause), ...framesOf(cause)].join("\n"));
  }
  return parts.length === 0 ? `thrown: ${typeof error}` : parts.join("\ncaused by: ");
}

function headOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `${error.name}${code}: message withheld`;
}

function framesOf(error: Error): string[] {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
}
