import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { sharedEngine } from "../providers/portico/engine.ts";
import { openBookingApiBench } from "./booking-api-bench.ts";
import { testBookingSourceContract } from "./booking-source.ts";
import { type CalendarBench, testCalendarContract } from "./calendar.ts";
import { openGmailBench } from "./gmail-bench.ts";
import { openGoogleBench } from "./google-bench.ts";
import { openIcalBench } from "./ical-bench.ts";
import { type MailboxBench, testMailboxContract } from "./mailbox.ts";
import { openOsmBench } from "./osm-bench.ts";
import { openOutlookBench } from "./outlook-bench.ts";
import { openPorticoBench } from "./portico-bench.ts";
import type { SourceBench } from "./source-bench.ts";
import { openUscheduleBench } from "./uschedule-bench.ts";

/** How each provider is put on the sandbox; one line for a later one. */
const CALENDARS: Readonly<Record<string, () => CalendarBench>> = {
  "google-calendar": openGoogleBench,
  outlook: openOutlookBench,
};
const MAILBOXES: Readonly<Record<string, () => MailboxBench>> = { gmail: openGmailBench };
const SOURCES: Readonly<Record<string, () => SourceBench>> = {
  "booking-api": () => openBookingApiBench(),
  ical: () => openIcalBench(),
  osm: () => openOsmBench(),
  portico: () => openPorticoBench(),
  uschedule: openUscheduleBench,
};

/** PostgreSQL takes seconds to start; the first test is not to wait for it. */
beforeAll(async () => void (await sharedEngine()), 120_000);

test("every provider folder is registered under its own name, and nothing else is", () => {
  const folders = readdirSync("shared/providers", { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(Object.keys(PROVIDERS).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const [name, provider] of Object.entries(PROVIDERS)) expect(provider.name).toBe(name);
});

for (const [name, provider] of Object.entries(PROVIDERS)) {
  const calendar = provider.kind === "calendar" ? CALENDARS[name] : undefined;
  const source = provider.kind === "source" ? SOURCES[name] : undefined;
  const mailbox = provider.kind === "mailbox" ? MAILBOXES[name] : undefined;
  if (calendar !== undefined) testCalendarContract({ name, open: calendar });
  else if (source !== undefined) testBookingSourceContract({ name, open: source });
  else if (mailbox !== undefined) testMailboxContract({ name, open: mailbox });
  else test(`${provider.kind} provider ${name} has a bench for its contract`, () => expect.fail("add it above"));
}
