import type { CalendarDoc } from "../../shared/flows/documents.ts";
import type { World } from "../../shared/flows/world.ts";
import type { Finding } from "./finding.ts";
import { illness } from "./remedies.ts";

/** Whether each calendar has been listed and has a push channel that lives. */
export async function checkWatches(world: World): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [ws, { resources }] of Object.entries(world.config.workspaces)) {
    try {
      const stored = await world.store(ws).query<CalendarDoc>({ collection: "calendars" });
      const docs = new Map(stored.map(({ data }) => [data.calendarId, data]));
      for (const { calendar } of Object.values(resources)) {
        findings.push(checkWatch(calendar, docs.get(calendar), world.clock.now()));
      }
    } catch (error) {
      findings.push(illness(`push channels of ${ws}`, error));
    }
  }
  return findings;
}

function checkWatch(calendar: string, doc: CalendarDoc | undefined, now: string): Finding {
  const about = `push channel of ${calendar}`;
  if (doc === undefined) {
    const remedy =
      "It is listed within ten minutes of the first watch-renewal: gcloud scheduler jobs list shows whether that runs.";
    return { kind: "odd", about, says: "the calendar was never listed", remedy };
  }
  if (doc.waitsFor !== undefined) {
    return {
      kind: "odd",
      about,
      says: "its first connection waits for a person",
      remedy: "GET /api/holds shows the preview.",
    };
  }
  if (doc.watchError !== undefined) {
    const remedy =
      "Google wants an https address with a known certificate, of a domain that is verified in its Search Console; Graph wants the handshake answered.";
    return { kind: "ill", about, says: `it was refused: ${doc.watchError.reason}`, remedy };
  }
  if (doc.watch === undefined || doc.watch.expiresAt <= now) {
    const remedy = "Look whether watch-renewal runs; until then changes are found every ten minutes.";
    return { kind: "ill", about, says: doc.watch === undefined ? "there is none" : "it has run out", remedy };
  }
  return { kind: "well", about, says: `it lives until ${doc.watch.expiresAt}` };
}
