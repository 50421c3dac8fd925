import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The fields a reading is scored in; null: the mail does not state it. */
export interface Truth {
  readonly kind: string;
  readonly action: string;
  readonly platform: string | null;
  readonly guestName: string | null;
  readonly checkIn: string | null;
  readonly checkOut: string | null;
  readonly confirmationCode: string | null;
  readonly guestCount: number | null;
  readonly property: string | null;
}

/** One mail of the corpus as its source writes it. */
export interface CorpusMail {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  /** Undefined: the mail has no `Date` header. */
  readonly date: string | undefined;
  /** `both` text and HTML, `html`, `plain`, or `stack`: HTML whose tables are columns. */
  readonly form: string;
  /** `qp`, `base64`, `8bit` or `latin1`. */
  readonly encoding: string;
  /** `pass`, `fail` or `none`: what the receiving server wrote of the sender. */
  readonly auth: string;
  /** `odd`: no-break and thin spaces, as platforms put them. */
  readonly spaces: string;
  readonly body: string;
  readonly truth: Truth;
}

export type CorpusPart = "tuning" | "held-out";

const ENCODINGS = ["qp", "base64", "8bit"];

/** All mails of a part: the text files below `test/mail/corpus/<part>`. */
export function readCorpus(root: string, part: CorpusPart): CorpusMail[] {
  const folder = join(root, "test/mail/corpus", part);
  const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));
  return files.sort().flatMap((file) => parseCorpus(readFileSync(join(folder, file), "utf8")));
}

/** Throws on a mail without its head or of an unknown one. */
export function parseCorpus(text: string): CorpusMail[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((entry, index) => parseMail(entry, index));
}

function parseMail(entry: string, index: number): CorpusMail {
  const [head = "", ...rest] = entry.split("\n\n");
  const [id = "", ...lines] = head.trim().split("\n");
  const fields = new Map(lines.map((line) => splitField(id, line)));
  const field = (name: string) => fields.get(name) ?? null;
  return {
    id,
    from: field("From") ?? "",
    subject: field("Subject") ?? "",
    date: field("Date") ?? undefined,
    form: field("Form") ?? "both",
    encoding: field("Encoding") ?? ENCODINGS[index % ENCODINGS.length] ?? "qp",
    auth: field("Auth") ?? "pass",
    spaces: field("Spaces") ?? (index % 4 === 0 ? "odd" : "plain"),
    body: rest.join("\n\n").trimEnd(),
    truth: {
      kind: field("Kind") ?? "",
      action: field("Action") ?? "",
      platform: field("Platform"),
      guestName: field("Name"),
      checkIn: field("In"),
      checkOut: field("Out"),
      confirmationCode: field("Code"),
      guestCount: field("Guests") === null ? null : Number(field("Guests")),
      property: field("Property"),
    },
  };
}

function splitField(id: string, line: string): [string, string] {
  const at = line.indexOf(":");
  if (at < 1) throw new Error(`Mail ${id} of the corpus has a head line without a colon: ${line}`);
  return [line.slice(0, at), line.slice(at + 1).trim()];
}
