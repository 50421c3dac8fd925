import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Config } from "../../shared/config.ts";
import { loadDeployedConfig, storedConfig } from "../../shared/config-json.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of so many rooms; their calendars have ids as Google gives them. */
function configOf(rooms: number): Config {
  const resources = Array.from({ length: rooms }, (_, n) => [
    `room-${n}`,
    {
      ...{ source: "uschedule", sourceName: `Room ${n}`, timeZone: "Europe/London" },
      calendar: `c_${(n * 7_919).toString(36).padStart(26, "k3")}@group.calendar.google.com`,
    },
  ]);
  const sources = { uschedule: { provider: "uschedule" } };
  const calendars = { google: { provider: "google-calendar" } };
  return Config.parse({ workspaces: { loft: { sources, calendars, resources: Object.fromEntries(resources) } } });
}

for (const rooms of [2, 500, 2_000]) {
  test(`a configuration of ${rooms} rooms fits a version of a secret (64 KiB), and is read as it was`, () => {
    const file = join(folder, `${rooms}.json`);
    const stored = storedConfig(configOf(rooms));

    writeFileSync(file, stored);

    expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(65_536);
    expect(stored.startsWith("{")).toBe(rooms === 2);
    expect(loadDeployedConfig(file)).toEqual(configOf(rooms));
  });
}

test("one that fits no secret is refused before anything is deployed, with what to do", () => {
  expect(() => storedConfig(configOf(30_000))).toThrow(/too long for one secret.*split the installation/);
});

test("a mounted file that is neither JSON nor packed is CONFIG_INVALID, and not quoted", () => {
  const file = join(folder, "broken.json");
  writeFileSync(file, "hunter2");

  expect(() => loadDeployedConfig(file)).toThrow(/cannot be read as JSON/);
  expect(() => loadDeployedConfig(file)).not.toThrow(/hunter2/);
});
