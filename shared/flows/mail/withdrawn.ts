import { type ReviewItem, reviewRef } from "../documents.ts";
import { type FactsDoc, factsRef } from "./facts.ts";
import { ended, mailReviewId } from "./mail-review.ts";
import type { Office } from "./weigh.ts";

/** Mails of one code that are looked at; a stay has a handful. */
const MAX_MAILS = 20;

/** A stay that was cancelled before its feed ever showed it: nobody is asked about its confirmation any more. */
export async function closeWithdrawn({ world, ws, connection }: Office, cancelling: FactsDoc): Promise<void> {
  if (cancelling.code === "") return;
  const store = world.store(ws);
  const same = await store.query<FactsDoc>({
    collection: "facts",
    where: [{ field: "code", op: "==", value: cancelling.code }],
    limit: MAX_MAILS,
  });
  for (const { data: facts } of same) {
    const isOlder = facts.receivedAt <= cancelling.receivedAt && facts.id !== cancelling.id;
    if (facts.connection !== connection.id || facts.state !== "open" || !isOlder) continue;
    const item = await store.get<ReviewItem>(reviewRef(mailReviewId(facts.id)));
    if (item?.data.status !== "open" || item.data.kind === "mail-cancellation") continue;
    const data = ended(item.data, "caught-up", "lockstep", world.clock.now());
    const done: FactsDoc = { ...facts, state: "nothing", why: "A later mail cancelled it." };
    await store.commit([
      { kind: "put", ref: item.ref, data, ifVersion: item.version },
      { kind: "put", ref: factsRef(facts.id), data: done },
    ]);
  }
}
