import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lessen } from "../../shared/flows/mail/lessen.ts";

const MIXED = [
  "From: a@b.example",
  'Content-Type: multipart/mixed; boundary="outer"',
  "",
  "--outer",
  "Content-Type: multipart/alternative;",
  " boundary=inner",
  "",
  "--inner",
  "Content-Type: text/plain",
  "",
  "Plain.",
  "--inner",
  "Content-Type: text/html",
  "",
  "<p>Rich.</p>",
  "--inner--",
  "--outer",
  'Content-Type: image/png; name="a.png"',
  "Content-Transfer-Encoding: base64",
  "",
  "aGVsbG8=",
  "--outer",
  "Content-Type: message/rfc822",
  "",
  "Subject: forwarded",
  "",
  "Forwarded.",
  "--outer--",
  "",
].join("\r\n");

test("files lose their contents alone; text, forwarded mails and every head stay as they came", () => {
  const { raw, leftOut } = lessen(Buffer.from(MIXED));
  const text = raw.toString();

  expect(leftOut).toEqual([
    { filename: "a.png", size: 5, sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" },
  ]);
  expect(text).not.toContain("aGVsbG8=");
  expect(text.replace(/\(left out: [^)]*\)\r\n/, "aGVsbG8=")).toBe(MIXED);
});

test("a mail without files comes back byte for byte, whatever its bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, divided) => {
      const head = divided ? 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' : "Subject: x\r\n\r\n";
      const mail = Buffer.concat([Buffer.from(head), bytes.filter((byte) => byte !== 0x3a)]);

      const { raw, leftOut } = lessen(mail);

      expect([raw.equals(mail), leftOut]).toEqual([true, []]);
    }),
    { numRuns: 200 },
  );
});

test("a mail that is one file itself is kept: it is what the mail is about", () => {
  const mail = "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF";

  expect(lessen(Buffer.from(mail)).raw.toString()).toBe(mail);
});
