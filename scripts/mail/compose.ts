import type { CorpusMail } from "./corpus.ts";

/** The raw mail a corpus entry stands for, as a platform's server would send it. */
export function compose(mail: CorpusMail): Uint8Array {
  const spoken = mail.spaces === "odd" ? withOddSpaces : (text: string) => text;
  const plain = { type: "text/plain", text: spoken(plainBody(mail.body)) };
  const html = { type: "text/html", text: spoken(htmlBody(mail.body, mail.form === "stack")) };
  const parts = mail.form === "plain" ? [plain] : mail.form === "both" ? [plain, html] : [html];
  const head = headOf(mail, spoken(mail.subject));
  const [only, second] = parts;
  if (only === undefined) return new Uint8Array();
  if (second === undefined) return bytes(`${head}${partOf(only, mail.encoding)}`, mail.encoding);
  const boundary = "----=_Part_7f3a";
  const body = parts.map((part) => `--${boundary}\r\n${partOf(part, mail.encoding)}\r\n`).join("");
  return bytes(
    `${head}Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n${body}--${boundary}--\r\n`,
    mail.encoding,
  );
}

function headOf(mail: CorpusMail, subject: string): string {
  const domain = /@([\w.-]+)/.exec(mail.from)?.[1] ?? "example.org";
  const results = `mx.example.org; dkim=${mail.auth} header.i=@${domain}; spf=${mail.auth}; dmarc=${mail.auth} header.from=${domain}`;
  const lines = [
    mail.auth === "none" ? undefined : `Authentication-Results: ${results}`,
    `From: ${mail.from.replace(/^[^<"]*[^\x20-\x7e][^<"]*(?= <)/, encodeWord)}`,
    "To: host@example.org",
    `Subject: ${encodeWord(subject)}`,
    mail.date === undefined ? undefined : `Date: ${new Date(mail.date).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${mail.id}@corpus.example>`,
    "MIME-Version: 1.0",
  ];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `${line}\r\n`)
    .join("");
}

function partOf({ type, text }: { readonly type: string; readonly text: string }, encoding: string): string {
  const charset = encoding === "latin1" ? "iso-8859-1" : "utf-8";
  const name = { qp: "quoted-printable", base64: "base64" }[encoding] ?? "8bit";
  const encoded = encoding === "qp" ? quotedPrintable(text) : encoding === "base64" ? wrapped(base64(text)) : text;
  return `Content-Type: ${type}; charset=${charset}\r\nContent-Transfer-Encoding: ${name}\r\n\r\n${encoded.replaceAll(/\r?\n/g, "\r\n")}\r\n`;
}

/** Headings in capitals are the templates' own; rows become columns of spaces. */
function plainBody(body: string): string {
  return body
    .split("\n")
    .filter((line) => !line.startsWith("<"))
    .map((line) => (line.startsWith("| ") ? cellsOf(line).join("      ") : line.replace(/^# /, "")))
    .join("\n");
}

function htmlBody(body: string, stacked: boolean): string {
  const parts = body.split(/\n{2,}/).map((block) => {
    if (block.startsWith("| ")) return table(block.split("\n").map(cellsOf), stacked);
    if (block.startsWith("<")) return block;
    if (block.startsWith("# ")) return `<h1 style="font-size:24px">${escaped(block.slice(2))}</h1>`;
    return `<p style="margin:0">${block.split("\n").map(line).join("<br>\n")}</p>`;
  });
  const style = "<head><style>td{padding:4px} .x{content:'Check-in 1 Jan 2020'}</style><title>Mail</title></head>";
  return `<!doctype html><html>${style}<body><table width="100%"><tr><td><table><tr><td>${parts.join("\n")}</td></tr></table></td></tr></table></body></html>`;
}

function table(rows: readonly (readonly string[])[], stacked: boolean): string {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${escaped(cell)}</td>`).join("");
  if (!stacked) return `<table>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}</table>`;
  const width = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ""));
  const drawn = columns.map((column) => `<td>${column.map((cell) => `<p>${escaped(cell)}</p>`).join("")}</td>`);
  return `<table><tr>${drawn.join("<td width='20'>&nbsp;</td>")}</tr></table>`;
}

function line(text: string): string {
  if (text.startsWith("| ")) return cellsOf(text).map(escaped).join("&nbsp; &nbsp; ");
  const [, url = "", rest = ""] = /^\[?(https?:\/\/[^\s\]]+)\]?\s*(.*)$/.exec(text) ?? [];
  return url === "" ? escaped(text) : `<a href="${escaped(url)}">${escaped(rest)}</a>`;
}

function cellsOf(row: string): string[] {
  return row
    .slice(2)
    .split(" | ")
    .map((cell) => cell.trim());
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Thin spaces around dashes of dates, narrow ones between a day and its month. */
function withOddSpaces(text: string): string {
  return text
    .replaceAll(/(?<=\d) – (?=[\dA-Z])/g, "\u2009–\u2009")
    .replaceAll(/(?<=\b[A-Z][a-z]{2}) (?=\d{1,2}\b)/g, "\u202f");
}

function encodeWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${base64(text)}?=`;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function wrapped(text: string): string {
  return (text.match(/.{1,76}/g) ?? []).join("\r\n");
}

function quotedPrintable(text: string): string {
  return text
    .split("\n")
    .map((each) => {
      const encoded = [...Buffer.from(each, "utf8")]
        .map((byte) =>
          byte > 126 || byte < 32 || byte === 61
            ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
            : String.fromCharCode(byte),
        )
        .join("");
      return (encoded.match(/(?:=[0-9A-F]{2}|[^=]){1,72}/g) ?? [""]).join("=\r\n");
    })
    .join("\n");
}

function bytes(text: string, encoding: string): Uint8Array {
  return Buffer.from(text, encoding === "latin1" ? "latin1" : "utf8");
}
