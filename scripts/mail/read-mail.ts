import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readMail } from "../../shared/mail/read-mail.ts";
import type { MailReading } from "../../shared/mail/reading.ts";

const USAGE = "Usage: npm run read-mail -- FILE.eml [--received ISO]";
/** A header's name at the start of a line: what every mail has and no picture. */
const HEADER = /^[A-Za-z][A-Za-z0-9-]{1,40}:/m;

// Prints what one mail states. Exit code 0; 1 with a sentence on stderr where there is no mail to read.
const problem = await run(process.argv.slice(2));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

async function run(words: readonly string[]): Promise<string | undefined> {
  const asked = options(words);
  if (typeof asked === "string") return asked;
  const raw = bytesOf(asked.file);
  if (typeof raw === "string") return raw;
  const reading = await readMail(raw, asked.received === undefined ? {} : { received: asked.received });
  process.stdout.write(`${JSON.stringify(shown(reading), null, 2)}\n`);
  return undefined;
}

function options(words: readonly string[]): { file: string; received: string | undefined } | string {
  const at = words.indexOf("--received");
  const received = at === -1 ? undefined : words[at + 1];
  const rest = at === -1 ? words : [...words.slice(0, at), ...words.slice(at + 2)];
  const [file, ...more] = rest;
  if (file === undefined || more.length > 0 || file.startsWith("--")) return USAGE;
  if (at !== -1 && !isInstant(received)) {
    return `--received takes an ISO instant such as 2027-01-10T09:00:00Z, not ${received ?? "nothing"}. ${USAGE}`;
  }
  return { file, received: received === undefined ? undefined : new Date(received).toISOString() };
}

function isInstant(text: string | undefined): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text ?? "") && Number.isFinite(Date.parse(text ?? ""));
}

/** npm runs scripts from the project's folder; the path is meant from where it was typed. */
function bytesOf(file: string): Uint8Array | string {
  const path = resolve(process.env["INIT_CWD"] ?? process.cwd(), file);
  let raw: Uint8Array;
  try {
    raw = readFileSync(path);
  } catch (error) {
    return `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (raw.length === 0) return `${file} is empty.`;
  const head = Buffer.from(raw.subarray(0, 65_536)).toString("latin1");
  return HEADER.test(head)
    ? raw
    : `${file} is no mail: not one header stands in it. Save the original message as .eml.`;
}

/** The keys of issue 5, item 8; facts as plain values. */
function shown({ kind, action, platform, facts, confidence, reasons }: MailReading): unknown {
  return {
    kind,
    action,
    platform,
    facts: {
      guestName: facts.guestName?.value ?? null,
      checkIn: facts.checkIn?.value ?? null,
      checkOut: facts.checkOut?.value ?? null,
      confirmationCode: facts.confirmationCode?.value ?? null,
      guestCount: facts.guestCount?.value ?? null,
      property: facts.property?.value ?? null,
    },
    confidence,
    reasons,
  };
}
