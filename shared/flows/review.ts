import { LockstepError } from "../errors.ts";
import type { DocumentRef, DocumentStore, Stored, Write } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import { type AlertDoc, alertRef, type ReviewItem, reviewRef } from "./documents.ts";

/** A review item as a write that goes along with a commit. The same matter always has the same id. */
export function openReview(item: Omit<ReviewItem, "status" | "openedAt">, now: Instant): Write {
  const doc: ReviewItem = { ...item, status: "open", openedAt: now };
  return { kind: "put", ref: reviewRef(item.id), data: doc };
}

/** Opens a review item unless the same matter is open already, so that repeating costs no write. */
export async function ensureReview(
  store: DocumentStore,
  item: Omit<ReviewItem, "status" | "openedAt">,
  now: Instant,
): Promise<void> {
  const stored = await store.get<ReviewItem>(reviewRef(item.id));
  if (stored?.data.status === "open" && stored.data.detail === item.detail) return;
  await store.commit([openReview(item, now)]);
}

/** Whether a person is asked about this matter now. */
export async function isReviewOpen(store: DocumentStore, id: string): Promise<boolean> {
  return (await store.get<ReviewItem>(reviewRef(id)))?.data.status === "open";
}

/** What a person decides about, a review item or an alert. Throws NOT_FOUND, and INVALID_STATE where it is not open. */
export async function requireOpen<T extends { readonly status: string }>(
  store: DocumentStore,
  ref: DocumentRef,
): Promise<Stored<T>> {
  const stored = await store.get<T>(ref);
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such item." });
  if (stored.data.status !== "open")
    throw new LockstepError("INVALID_STATE", { detail: `It is ${stored.data.status} already.` });
  return stored;
}

/** Closes a review item whose cause is gone by itself. Costs one read where there is none. */
export async function closeReview(store: DocumentStore, id: string, now: Instant): Promise<void> {
  const writes = await closing(store, id, now);
  if (writes.length > 0) await store.commit(writes);
}

/** The same as writes that go along with a commit; none where it is not open. */
export async function closing(store: DocumentStore, id: string, now: Instant): Promise<Write[]> {
  const stored = await store.get<ReviewItem>(reviewRef(id));
  if (stored?.data.status !== "open") return [];
  const data: ReviewItem = { ...stored.data, status: "resolved", resolvedAt: now, resolvedBy: "lockstep" };
  return [{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }];
}

/** Alerts looked at in one run, of those open and of those acknowledged (law 12). */
const MAX_ALERTS = 200;

/** The alerts whose cause is not known to be gone: open, and acknowledged. */
export async function standingAlerts(store: DocumentStore): Promise<AlertDoc[]> {
  const pages = await Promise.all(
    ["open", "acknowledged"].map((status) =>
      store.query<AlertDoc>({
        collection: "alerts",
        where: [{ field: "status", op: "==", value: status }],
        limit: MAX_ALERTS,
      }),
    ),
  );
  return pages.flat().map(({ data }) => data);
}

/** Raises an alert unless the same one is open or acknowledged already. */
export async function raiseAlert(
  store: DocumentStore,
  alert: { readonly kind: string; readonly subject: string; readonly detail: string },
  now: Instant,
): Promise<void> {
  const id = `${alert.kind}~${alert.subject}`;
  const stored = await store.get<AlertDoc>(alertRef(id));
  if (stored !== undefined && stored.data.status !== "closed") return;
  const doc: AlertDoc = { ...alert, id, status: "open", openedAt: now };
  await store.commit([{ kind: "put", ref: alertRef(id), data: doc }]);
}

/** Closes an alert whose cause is gone. Costs one read where there is none. */
export async function closeAlert(store: DocumentStore, kind: string, subject: string): Promise<void> {
  await closeAlerts(store, kind, [subject]);
}

/** One call of the store reads so many. */
const SUBJECTS_PER_READ = 500;

/** The same for one kind of many subjects. */
export async function closeAlerts(store: DocumentStore, kind: string, subjects: readonly string[]): Promise<void> {
  for (let from = 0; from < subjects.length; from += SUBJECTS_PER_READ) {
    const some = subjects.slice(from, from + SUBJECTS_PER_READ);
    const found = await store.getMany(some.map((subject) => alertRef(`${kind}~${subject}`)));
    for (const stored of found) {
      // Proof: only Lockstep writes alerts, with this shape.
      const alert = stored?.data as AlertDoc | undefined;
      if (stored === undefined || alert === undefined || alert.status === "closed") continue;
      const closed: AlertDoc = { ...alert, status: "closed" };
      await store.commit([{ kind: "put", ref: stored.ref, data: closed, ifVersion: stored.version }]);
    }
  }
}
