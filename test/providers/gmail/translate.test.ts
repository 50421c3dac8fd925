import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { HistoryList, RawMessage } from "../../../shared/providers/gmail/schema.ts";
import { addedIn, toRawMail } from "../../../shared/providers/gmail/translate.ts";

const history: unknown = JSON.parse(readFileSync("shared/providers/gmail/fixtures/history.json", "utf8"));

test("history's additions of a label, in order, each mail once; labels given beside it are none", () => {
  expect(addedIn(HistoryList.parse(history), "Label_7")).toEqual(["m2", "m1"].reverse());
  expect(addedIn(HistoryList.parse(history), "INBOX")).toEqual(["m2", "m3", "m1"]);
});

test("a mailbox in which nothing changed answers no history at all", () => {
  expect(addedIn(HistoryList.parse({ historyId: "812" }), "Label_7")).toEqual([]);
});

test("a raw message is base64url, its arrival milliseconds as text", () => {
  const raw = Buffer.from("Subject: ÿ>>?\r\n\r\n").toString("base64url");

  const mail = toRawMail(RawMessage.parse({ id: "m1", threadId: "t1", internalDate: "1799064000000", raw }));

  expect(mail).toMatchObject({ id: "m1", threadId: "t1", labelIds: [], receivedAt: "2027-01-04T12:00:00.000Z" });
  expect(Buffer.from(mail.raw).toString()).toBe("Subject: ÿ>>?\r\n\r\n");
});
