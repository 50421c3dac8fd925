import { adoptedEvents, type Evidence, isLive, key, tellEvent } from "./evidence.ts";

/** Law 1: what Lockstep did not make, or what a person took from it, is never changed by it. */
export function checkStrangers(evidence: Evidence): string[] {
  const { chronicle } = evidence;
  const adopted = adoptedEvents(evidence);
  const theirs = new Set<string>();
  const copies = new Set<string>();
  const complaints: string[] = [];
  for (const { actor, by, before, after } of chronicle.events) {
    const event = after ?? before;
    if (event === undefined) continue;
    if (actor === "person") {
      // A copy carries our marker and is nobody of ours; a marker taken away makes the event theirs.
      if (by === "copy" && before === undefined) copies.add(event.id);
      // Moved with its marker to another calendar it stays what it was, whatever stood there under its id before.
      const isOurs = event.names !== undefined && !copies.has(event.id);
      if (by === "carry-over" && isLive(after) && isOurs) theirs.delete(key(event));
      else if (!isOurs || before === undefined) theirs.add(key(event));
      continue;
    }
    if (before === undefined) {
      if (theirs.has(key(event))) complaints.push(`Lockstep made ${tellEvent(event)} over a person's own`);
    } else if (theirs.has(key(event)) && !adopted.has(event.id)) {
      complaints.push(
        `Lockstep (${by}) changed what is not its own: ${tellEvent(before)}${isLive(after) ? "" : ", deleted"}`,
      );
    }
  }
  return complaints;
}
