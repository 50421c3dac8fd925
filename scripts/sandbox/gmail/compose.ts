interface Written {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  readonly attachments: readonly { readonly filename: string; readonly mimeType: string; readonly content: string }[];
}

interface Envelope {
  readonly to: string;
  readonly receivedMs: number;
  readonly id: string;
}

/** A mail as it stands in a mailbox: signed off by the receiving server, its parts in base64. */
export function composeMail(mail: Written, { to, receivedMs, id }: Envelope): string {
  const domain = /@([\w.-]+)/.exec(mail.from)?.[1] ?? "example.org";
  const head = [
    `Authentication-Results: mx.google.com; dkim=pass header.i=@${domain}; spf=pass; dmarc=pass header.from=${domain}`,
    `Date: ${new Date(receivedMs).toUTCString().replace("GMT", "+0000")}`,
    `From: ${mail.from}`,
    `To: ${to}`,
    `Subject: ${encodeWord(mail.subject)}`,
    `Message-ID: <${id}@${domain}>`,
    "MIME-Version: 1.0",
  ];
  const said = [part("text/plain", mail.text), ...(mail.html === undefined ? [] : [part("text/html", mail.html)])];
  const body = said.length === 1 ? (said[0] ?? "") : multipart("alternative", `a-${id}`, said);
  if (mail.attachments.length === 0) return `${head.join("\r\n")}\r\n${body}`;
  const files = mail.attachments.map(({ filename, mimeType, content }) =>
    part(`${mimeType}; name="${filename}"`, content, [`Content-Disposition: attachment; filename="${filename}"`]),
  );
  return `${head.join("\r\n")}\r\n${multipart("mixed", `m-${id}`, [body, ...files])}`;
}

function part(type: string, content: string, more: readonly string[] = []): string {
  const charset = type.startsWith("text/") && !type.includes("name=") ? "; charset=utf-8" : "";
  const encoded = Buffer.from(content).toString("base64").replace(/.{76}/g, "$&\r\n");
  return [`Content-Type: ${type}${charset}`, "Content-Transfer-Encoding: base64", ...more, "", encoded].join("\r\n");
}

function multipart(kind: string, boundary: string, parts: readonly string[]): string {
  const inside = parts.map((each) => `--${boundary}\r\n${each}\r\n`).join("");
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${inside}--${boundary}--\r\n`;
}

/** RFC 2047, where the subject is more than ASCII. */
function encodeWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
}
