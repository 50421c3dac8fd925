import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type CalendarBench, testCalendarContract } from "./calendar.ts";
import { openGoogleBench } from "./google-bench.ts";

const CALENDARS: Readonly<Record<string, () => CalendarBench>> = { "google-calendar": openGoogleBench };

test("every provider folder is registered under its own name, and nothing else is", () => {
  const folders = readdirSync("shared/providers", { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(Object.keys(PROVIDERS).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const [name, provider] of Object.entries(PROVIDERS)) expect(provider.name).toBe(name);
});

for (const [name, provider] of Object.entries(PROVIDERS)) {
  const open = provider.kind === "calendar" ? CALENDARS[name] : undefined;
  if (provider.kind !== "calendar") continue;
  if (open !== undefined) testCalendarContract({ name, open });
  else test(`calendar provider ${name} has a bench for its contract`, () => expect.fail("add it to CALENDARS"));
}
