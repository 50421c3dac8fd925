import type { Sender } from "./authenticity.ts";
import { fold, tidy } from "./fold.ts";

/** A mail without what it forwards around or quotes below itself. Lines are those of a letter's view. */
export interface Unwrapped {
  readonly subject: string;
  /** The sender of the part that is read: the forwarded one where it is a forward. */
  readonly from: Sender | null;
  /** What the forwarded part says of its day, as written. */
  readonly dateLine: string | null;
  readonly lines: readonly string[];
  /** What who forwarded it wrote above. */
  readonly note: readonly string[];
  readonly isForward: boolean;
  readonly isReply: boolean;
}

const FORWARD = /^(?:fwd?|fw|wg|tr|rv|enc|i|inoltra|doorst|doorgestuurd|vs|vb|weitergeleitet|reenv)\s*:\s*/i;
const REPLY = /^(?:re|aw|antw|sv|res|rif|ant|odp|r)(?:\[\d+\])?\s*:\s*/i;
const TAGS = /^(?:\[[^\]]{1,40}\]\s*)+/;
const FORWARD_MARKER =
  /^-*\s*(?:forwarded message|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message transfere|debut du message (?:reexpedie|transfere)|message reexpedie|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|mensagem encaminhada|forwarded by .*)\s*:?\s*-*$/;
const QUOTE_MARKER = [
  /^-+\s*(?:original message|ursprungliche nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|reply above this line.*)\s*-+$/,
  /^(?:on|am|le|el|il giorno|il|op|em|at)\b.{6,160}\b(?:wrote|schrieb|a ecrit|escribio|ha scritto|schreef|escreveu)\b.{0,80}:?$/,
  /^.{3,100}\b(?:wrote|schrieb|a ecrit|escribio|ha scritto|schreef)\b (?:on|am|le|el|il|op) .{6,60}:$/,
];
const HEADERS: readonly (readonly ["from" | "date" | "subject" | "to", RegExp])[] = [
  ["from", /^(?:from|von|de|da|van|od|desde)\s*:\s*(.*)$/i],
  ["date", /^(?:date|sent|datum|gesendet|envoye|envoyé|fecha|enviado(?: el)?|data|inviato|verzonden)\s*:\s*(.*)$/i],
  ["subject", /^(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto)\s*:\s*(.*)$/i],
  ["to", /^(?:to|an|à|a|para|aan|cc|kopie|copie|reply-to|antwort an)\s*:\s*(.*)$/i],
];
const MAX_LAYERS = 5;

interface HeaderBlock {
  readonly at: number;
  readonly after: number;
  readonly values: Readonly<Partial<Record<"from" | "date" | "subject" | "to", string>>>;
}

/** Reads through forwards to what was forwarded, and leaves off what is quoted. */
export function unwrap(subject: string, view: readonly string[]): Unwrapped {
  let layer: Unwrapped = {
    ...namedBy(subject),
    from: null,
    dateLine: null,
    lines: view,
    note: [],
    isForward: false,
  };
  for (let depth = 0; depth < MAX_LAYERS; depth += 1) {
    const inner = openForward(layer);
    if (inner === undefined) break;
    layer = inner;
  }
  return { ...layer, lines: withoutQuotes(layer.lines) };
}

/** The subject without the words mail programs put before it, and what they tell. */
function namedBy(subject: string): { subject: string; isReply: boolean; forwards: boolean } {
  let rest = tidy(subject).replace(TAGS, "");
  let isReply = false;
  let forwards = false;
  for (let round = 0; round < 6; round += 1) {
    if (REPLY.test(rest)) isReply = true;
    else if (FORWARD.test(rest)) forwards = true;
    else break;
    rest = rest.replace(REPLY, "").replace(FORWARD, "").trim();
  }
  return { subject: rest, isReply, forwards };
}

function openForward(layer: Unwrapped & { readonly forwards?: boolean }): Unwrapped | undefined {
  const marker = layer.lines.findIndex((line) => FORWARD_MARKER.test(fold(unquoted(line))));
  const block = headerBlock(layer.lines, marker === -1 ? 0 : marker);
  const isMarked = marker !== -1 && block !== undefined && block.at - marker <= 3;
  const isAtTop = block !== undefined && block.at <= 1;
  if (block === undefined || (layer.isReply && !isMarked) || !(isMarked || isAtTop || layer.forwards === true)) {
    return undefined;
  }
  const { values } = block;
  const note = layer.lines.slice(0, isMarked ? marker : block.at);
  return {
    ...namedBy(values.subject ?? layer.subject),
    from: values.from === undefined ? null : senderIn(values.from),
    dateLine: values.date ?? null,
    lines: unquotedAll(layer.lines.slice(block.after)),
    note: [...layer.note, ...note],
    isForward: true,
  };
}

/** From, date, subject and recipient of an older mail, as programs write them above it. */
function headerBlock(lines: readonly string[], start: number): HeaderBlock | undefined {
  for (let at = start; at < lines.length; at += 1) {
    if (headerIn(lines[at])?.name !== "from") continue;
    const values: Partial<Record<"from" | "date" | "subject" | "to", string>> = {};
    let after = at;
    for (let next = at; next < Math.min(at + 9, lines.length); next += 1) {
      const header = headerIn(lines[next]);
      if (header === undefined || values[header.name] !== undefined) continue;
      // Nothing but folded headers may stand between two of them.
      if (next - after > 2) break;
      values[header.name] = header.value;
      after = next + 1;
    }
    if (values.date !== undefined || values.subject !== undefined) return { at, after, values };
  }
  return undefined;
}

function headerIn(line: string | undefined): { name: "from" | "date" | "subject" | "to"; value: string } | undefined {
  const text = tidy(unquoted(line ?? "").replaceAll("*", ""));
  for (const [name, pattern] of HEADERS) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/** `Airbnb <automated@airbnb.com>` and its kin. */
function senderIn(text: string): Sender {
  const address = /[\w.+-]+@[\w.-]+\.[a-z]{2,}/i.exec(text)?.[0] ?? "";
  const name = text
    .replace(/\[?mailto:[^\]\s]*\]?/i, "")
    .replace(address, "")
    .replaceAll(/[<>"'()[\]]/g, "");
  return { name: tidy(name), address: address.toLowerCase() };
}

function withoutQuotes(lines: readonly string[]): readonly string[] {
  const marker = lines.findIndex((line) => QUOTE_MARKER.some((pattern) => pattern.test(fold(unquoted(line)))));
  const block = headerBlock(lines, 0);
  const forwarded = lines.findIndex((line) => FORWARD_MARKER.test(fold(unquoted(line))));
  const ends = [marker, block?.at ?? -1, forwarded].filter((end) => end >= 0);
  const own = lines.slice(0, Math.min(lines.length, ...ends));
  return own.filter((line) => !line.trimStart().startsWith(">"));
}

/** Apple's programs quote what they forward: where every line is quoted, none is. */
function unquotedAll(lines: readonly string[]): readonly string[] {
  const quoted = lines.filter((line) => line.trimStart().startsWith(">")).length;
  return quoted > 0 && quoted >= lines.length * 0.8 ? lines.map(unquoted) : lines;
}

function unquoted(line: string): string {
  return line.replace(/^(?:\s*>)+\s?/, "");
}
