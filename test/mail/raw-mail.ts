import { readMail } from "../../shared/mail/read-mail.ts";
import type { MailReading } from "../../shared/mail/reading.ts";

export interface Written {
  readonly from?: string;
  readonly subject: string;
  readonly date?: string;
  readonly headers?: readonly string[];
  readonly html?: string;
  readonly text?: string;
}

/** A mail as it stands in a mailbox. */
export function rawMail(mail: Written): Uint8Array {
  const { from = "Airbnb <automated@airbnb.com>", date = "Wed, 02 Dec 2026 10:00:00 +0000" } = mail;
  const type = mail.html === undefined ? "text/plain" : "text/html";
  const lines = [
    ...(mail.headers ?? []),
    `From: ${from}`,
    `Subject: =?utf-8?B?${Buffer.from(mail.subject).toString("base64")}?=`,
    `Date: ${date}`,
    `Content-Type: ${type}; charset=utf-8`,
    "",
    mail.html ?? mail.text ?? "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

export function read(mail: Written): Promise<MailReading> {
  return readMail(rawMail(mail), {});
}

/** The facts as plain values. */
export function values({ facts }: MailReading): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact?.value ?? null]));
}
