import { openRunningStudio, type Studio } from "../flows/studio.ts";
import { bookMany, namedBy, staffUntold, storedEvents } from "./scene.ts";

export const ACTOR = "operator@loft";

export interface Scene {
  readonly studio: Studio;
  /** Thirty appointments on bay 1. */
  readonly many: readonly string[];
  /** Ten on bay 2. */
  readonly few: readonly string[];
}

export async function openScene(policy: Record<string, unknown> = {}): Promise<Scene> {
  const studio = await openRunningStudio({ policy });
  const many = await bookMany(studio, 30);
  const few: string[] = [];
  for (let hour = 8; hour < 18; hour++) {
    few.push(await studio.book(2, `2027-02-01T${String(hour).padStart(2, "0")}:00:00`));
  }
  await studio.settle();
  await studio.poll();
  studio.providerCalls();
  return { studio, many, few };
}

/** Staff cancel everything on bay 1, and no webhook tells. */
export async function cancelAll({ studio, many }: Scene): Promise<void> {
  for (const id of many) await staffUntold(studio, "cancel", { id });
  studio.providerCalls();
  await studio.poll();
}

export async function onlyHold(studio: Studio) {
  const [hold, ...others] = await studio.holds();
  if (hold === undefined || others.length > 0) throw new Error(`${others.length + 1} holds, 1 expected`);
  return hold;
}

export async function shownOn(studio: Studio, calendarId: string): Promise<string[]> {
  const live = (await storedEvents(studio, calendarId)).filter(({ status }) => status !== "cancelled");
  return live.map((event) => namedBy(event) ?? "").toSorted();
}
