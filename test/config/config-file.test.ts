import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { importKindOf, POLICY_DEFAULTS, policyOf, workspaceOf } from "../../shared/config.ts";
import { loadConfig, readConfig } from "../../shared/config-file.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const DEMO = readFileSync("scripts/local/demo.config.yaml", "utf8");
/** The demo without comments, so that line numbers below stay what they are. */
const BASE = `workspaces:
  loft:
    sources:
      uschedule:
        provider: uschedule
    calendars:
      google:
        provider: google-calendar
    resources:
      bay-1:
        source: uschedule
        sourceName: Bay 1
        calendar: loft-bay-1@sandbox
        timeZone: Europe/London
        properties: { bay: "1" }
      bay-2:
        source: uschedule
        sourceName: Bay 2
        calendar: loft-bay-2@sandbox
        timeZone: Europe/London
`;

/** The mistakes of a text, one per line. */
function mistakes(text: string, providers: Readonly<Record<string, Provider>> = PROVIDERS): string[] {
  try {
    readConfig(text, "c.yaml", providers);
  } catch (error) {
    if (error instanceof LockstepError && error.code === "CONFIG_INVALID") return error.message.split("\n");
    throw error;
  }
  throw new Error("it was accepted");
}

function changed(from: string, to: string): string {
  if (!BASE.includes(from)) throw new Error(`nothing to change: ${from}`);
  return BASE.replace(from, to);
}

test("the demo is the studio of the README, two bays, a municipality of twelve rooms, two homes, and a campsite", () => {
  const { workspaces } = readConfig(DEMO, "demo.config.yaml", PROVIDERS);

  expect(Object.keys(workspaces)).toEqual(["loft", "town", "lets", "camp"]);
  const resources = Object.entries(workspaces["loft"]?.resources ?? {});
  expect(resources.map(([id, { calendar, sourceName, properties }]) => [id, calendar, sourceName, properties])).toEqual(
    [
      ["bay-1", "loft-bay-1@sandbox", "Bay 1", { bay: "1" }],
      ["bay-2", "loft-bay-2@sandbox", "Bay 2", { bay: "2" }],
    ],
  );
  expect(workspaces["loft"]?.marker).toEqual({ bookingId: "uscheduleAppointmentId", managed: "loftSyncManaged" });
  const rooms = Object.entries(workspaces["town"]?.resources ?? {});
  expect(rooms.map(([id, { calendar, sourceName }]) => [id, calendar, sourceName])).toEqual(
    Array.from({ length: 12 }, (_, at) => [`room-${at + 1}`, `room-${at + 1}@sandbox`, `room-${at + 1}`]),
  );
});

test.each(["studio", "town", "lets"])("the example of a real %s is accepted as it stands", (name) => {
  expect(() => loadConfig(`scripts/local/${name}.config.yaml`, PROVIDERS)).not.toThrow();
});

test("law 1: people's own meetings are imported only where resource or workspace says so, the resource's word first", () => {
  const bays = (policy: string, own: string) => {
    const text = changed('        properties: { bay: "1" }', `        policy: ${own}`);
    const { loft } = readConfig(`${text}    policy: ${policy}\n`, "c.yaml", PROVIDERS).workspaces;
    return loft === undefined ? [] : Object.values(loft.resources).map((resource) => importKindOf(loft, resource));
  };

  expect(bays("{}", "{}")).toEqual([undefined, undefined]);
  expect(bays("{ importKind: booking }", "{ imports: always }")).toEqual(["booking", undefined]);
  expect(bays("{ imports: always }", "{ imports: never }")).toEqual([undefined, "event"]);
});

const MISTAKES: [string, string, string[]][] = [
  [
    "a misspelt key",
    changed("sourceName: Bay 1", "sourcename: Bay 1"),
    [
      "c.yaml:10: workspaces.loft.resources.bay-1.sourceName: is missing; it takes a string",
      "c.yaml:12: workspaces.loft.resources.bay-1.sourcename: unknown key; did you mean sourceName?",
    ],
  ],
  [
    "a key like none",
    changed("  loft:\n", "  loft:\n    frobnicate: 1\n"),
    [
      "c.yaml:3: workspaces.loft.frobnicate: unknown key; known are sources, calendars, mailbox, resources, extensions, marker, policy, alerts, thresholds, people, undoSeconds, daysBack, daysAhead",
    ],
  ],
  [
    "a number where text belongs",
    changed('{ bay: "1" }', "{ bay: 1 }"),
    ["c.yaml:15: workspaces.loft.resources.bay-1.properties.bay: must be a string; put it in quotes"],
  ],
  [
    "a template for some kinds only",
    changed('        properties: { bay: "1" }', '        title: { event: "{title}" }'),
    [
      "c.yaml:15: workspaces.loft.resources.bay-1.title: must be a template, or one for each of event, booking and allocation",
    ],
  ],
  [
    "a policy that does not exist",
    changed('        properties: { bay: "1" }', "        policy: { merge: newest }"),
    ["c.yaml:15: workspaces.loft.resources.bay-1.policy.merge: use one of source-wins, last-write-wins, ask"],
  ],
  [
    "a bad zone",
    changed("timeZone: Europe/London", "timeZone: Europe/Londn"),
    ["c.yaml:14: workspaces.loft.resources.bay-1.timeZone: is no IANA time zone, e.g. Europe/London"],
  ],
  [
    "an id with capitals",
    changed("bay-1:", "Bay-1:"),
    ["c.yaml:10: workspaces.loft.resources.Bay-1: use 1 to 60 characters of a-z, 0-9 and -"],
  ],
  [
    "an unknown provider",
    changed("provider: google-calendar", "provider: googlecalendar"),
    [
      'c.yaml:8: workspaces.loft.calendars.google.provider: unknown calendar provider "googlecalendar"; did you mean google-calendar?',
    ],
  ],
  [
    "a source that is a calendar",
    changed("provider: uschedule", "provider: google-calendar"),
    [
      'c.yaml:5: workspaces.loft.sources.uschedule.provider: unknown source provider "google-calendar"; known are booking-api, ical, osm, portico, uschedule',
    ],
  ],
  [
    "a source that is nowhere",
    changed("source: uschedule\n        sourceName: Bay 2", "source: uscheduel\n        sourceName: Bay 2"),
    ['c.yaml:17: workspaces.loft.resources.bay-2.source: there is no source "uscheduel"; did you mean uschedule?'],
  ],
  [
    "a calendar account that is nowhere",
    changed("calendar: loft-bay-1@sandbox", "calendar: loft-bay-1@sandbox\n        calendarAccount: gogle"),
    [
      'c.yaml:14: workspaces.loft.resources.bay-1.calendarAccount: there is no calendar account "gogle"; did you mean google?',
    ],
  ],
  [
    "a calendar used twice",
    changed("loft-bay-2@sandbox", "loft-bay-1@sandbox"),
    [
      "c.yaml:19: workspaces.loft.resources.bay-2.calendar: belongs to loft/bay-1 already; give each resource its own calendar",
    ],
  ],
  [
    "one name for two bays",
    changed("sourceName: Bay 2", "sourceName: Bay 1"),
    ['c.yaml:18: workspaces.loft.resources.bay-2.sourceName: "Bay 1" is bay-1 already; a name belongs to one resource'],
  ],
  [
    "two zones at one source",
    `${BASE.trimEnd().replace(/Europe\/London$/, "Europe/Paris")}\n`,
    [
      "c.yaml:20: workspaces.loft.resources.bay-2.timeZone: bay-1 of the same source says Europe/London; its local times can be read in one zone only",
    ],
  ],
  ["no workspace", "workspaces: {}\n", ["c.yaml:1: workspaces: name at least one workspace"]],
  ["an empty file", "", ["c.yaml:1: must be a mapping"]],
  ["a key twice", `${BASE}  loft: {}\n`, ["c.yaml:21: Map keys must be unique"]],
];

for (const [what, text, says] of MISTAKES) {
  test(`${what} is named with its line and what to write instead`, () => {
    expect(mistakes(text)).toEqual(says);
  });
}

test("several mistakes are all told at once", () => {
  expect(mistakes(changed("sourceName: Bay 1", "sourcename: Bay 1").replace("Europe/London", "London"))).toHaveLength(
    3,
  );
});

test("a provider's settings are checked with its own schema, in the file's lines", () => {
  const Settings = z.strictObject({ credentials: z.string(), retries: z.number().default(3) });
  const google = PROVIDERS["google-calendar"];
  if (google === undefined) throw new Error("no such provider");
  const providers = { ...PROVIDERS, "google-calendar": { ...google, settings: Settings } };
  const text = changed("provider: google-calendar", "provider: google-calendar\n        settings: { credential: key }");

  expect(mistakes(text, providers)).toEqual([
    "c.yaml:9: workspaces.loft.calendars.google.settings.credentials: is missing; it takes a string",
    "c.yaml:9: workspaces.loft.calendars.google.settings.credential: unknown key; did you mean credentials?",
  ]);
});

test("a file that is not there is named", () => {
  expect(() => loadConfig("/nowhere/lockstep.config.yaml", PROVIDERS)).toThrow(
    "/nowhere/lockstep.config.yaml cannot be read",
  );
});

test("a bomb of aliases is refused", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefgh".split("").map((name, index) => {
      const above = "abcdefg"[index];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${above}`).join(",")}]`;
    }),
  ].join("\n");

  expect(mistakes(bomb)).toEqual(["c.yaml: too many aliases; write the parts out."]);
});

test("policy: the resource's words go over the workspace's, and those over the defaults", () => {
  const text = changed(
    "  loft:\n",
    "  loft:\n    policy: { merge: ask, cancellation: mark, breakerCount: 9 }\n",
  ).replace("        sourceName: Bay 1", "        sourceName: Bay 1\n        policy: { merge: last-write-wins }");
  const workspace = workspaceOf(readConfig(text, "c.yaml", PROVIDERS), "loft");

  const policies = Object.values(workspace.resources).map((resource) => policyOf(workspace, resource));

  expect(policies).toEqual([
    { ...POLICY_DEFAULTS, merge: "last-write-wins", cancellation: "mark", breakerCount: 9 },
    { ...POLICY_DEFAULTS, merge: "ask", cancellation: "mark", breakerCount: 9 },
  ]);
});

test("a workspace that is not configured is NOT_FOUND, also under an inherited name", () => {
  const config = readConfig(BASE, "c.yaml", PROVIDERS);

  expect(() => workspaceOf(config, "constructor")).toThrow("There is no workspace constructor");
});
