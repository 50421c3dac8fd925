import { Temporal } from "temporal-polyfill";
import type { DemoCustomer } from "./demo-customer.ts";
import { composeMail } from "./gmail/compose.ts";
import { deliver, labelNamed, makeLabel, openAccount } from "./gmail/mailbox.ts";
import type { Call } from "./world.ts";

/** The co-host's mailbox, and the label under which a filter puts what the platforms write. */
const EMAIL = "host@lets.example";
const LABEL = "Reservations";

/** Guest, first day from today, nights, code and how many come: three stays that the demo's feeds show, one that they do not. */
const STAYS: readonly (readonly [string, number, number, string, number])[] = [
  ["Nora Lind", -2, 4, "HMQ4R7T2WX", 2],
  ["Samira Khan", 9, 2, "HMB8K2N5ZD", 4],
  ["Jean Petit", 8, 3, "HMX3C9V1BN", 3],
  ["Alma Rossi", 60, 5, "HMNEW00001", 2],
];

/** Confirmations of stays whose feeds tell no names. */
export const LETS_MAILS: DemoCustomer = {
  marks: { opened: "lets-mails", filled: "lets-mails-demo" },
  open({ world }) {
    openAccount(world, EMAIL);
    makeLabel(world, EMAIL, LABEL);
  },
  fill(call) {
    const label = labelNamed(call.world, EMAIL, LABEL)?.id ?? "";
    for (const stay of STAYS) confirm(call, stay, label);
    const review = { from: "Airbnb <automated@airbnb.com>", subject: "Rate your guest", text: "How was their stay?" };
    put(call, { ...review, attachments: [] }, label);
  },
};

function confirm(call: Call, [guest, day, nights, code, guests]: (typeof STAYS)[number], label: string): void {
  const today = Temporal.Instant.fromEpochMilliseconds(call.world.now()).toZonedDateTimeISO("UTC").toPlainDate();
  const [from, to] = [today.add({ days: day }), today.add({ days: day + nights })];
  const said = (date: Temporal.PlainDate) =>
    date.toLocaleString("en-US", { weekday: "short", month: "short", day: "numeric", year: "numeric" });
  const text = [
    `New booking confirmed! ${guest} arrives ${said(from)}.`,
    "",
    `Check-in: ${said(from)}`,
    `Checkout: ${said(to)}`,
    "",
    `Guests: ${guests} adults`,
    "",
    `Confirmation code: ${code}`,
  ].join("\n");
  const subject = `Reservation confirmed - ${guest} arrives ${said(from)}`;
  put(call, { from: "Airbnb <automated@airbnb.com>", subject, text, attachments: [] }, label);
}

function put(call: Call, mail: Parameters<typeof composeMail>[0], label: string): void {
  const receivedMs = call.world.now();
  const raw = Buffer.from(composeMail(mail, { to: EMAIL, receivedMs, id: call.world.newId() })).toString("base64");
  deliver(call, EMAIL, { raw, labelIds: ["INBOX", label], receivedMs });
}
