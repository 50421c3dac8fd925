import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";

/** What rrule-temporal gives for a rule in its zone, before the local date `until`: instants. */
export function walkRule(rule: string, wall: string, zone: string, until: string): string[] {
  const dtstart = wall.replaceAll(/[-:]/g, "");
  const engine = new RRuleTemporal({ rruleString: `DTSTART;TZID=${zone}:${dtstart}00\nRRULE:${rule}` });
  const from = Temporal.ZonedDateTime.from(`${wall}[${zone}]`);
  const end = Temporal.ZonedDateTime.from(`${until}T00:00[${zone}]`);
  return engine.between(from, end, true).map(({ epochMilliseconds }) => new Date(epochMilliseconds).toISOString());
}
