import type { SourceNotice } from "../ports/booking-source.ts";
import type { DocumentStore } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import { closeAlert, raiseAlert } from "./review.ts";

/** What the last poll's notices are called where they are kept. */
export function noticeKeys(notices: readonly SourceNotice[]): string[] {
  return notices.map(({ kind, subject }) => `${kind}~${subject}`).sort();
}

/** An alert for each notice that is new, and an end to those that are not given any more. Costs nothing where all is as before. */
export async function tellNotices(
  store: DocumentStore,
  source: string,
  notices: readonly SourceNotice[],
  before: readonly string[],
  now: Instant,
): Promise<void> {
  for (const { kind, subject, detail } of notices) {
    if (before.includes(`${kind}~${subject}`)) continue;
    await raiseAlert(store, { kind, subject: `${source}/${subject}`, detail }, now);
  }
  const keys = noticeKeys(notices);
  for (const key of before.filter((each) => !keys.includes(each))) {
    const [kind = "", ...subject] = key.split("~");
    await closeAlert(store, kind, `${source}/${subject.join("~")}`);
  }
}
