import { closeAlert, raiseAlert } from "../review.ts";
import type { ConnectionDoc, SyncCounts } from "./connection.ts";
import { blankFacts, type FactsDoc, factsRef } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { logViolation } from "./mail-log.ts";
import { type EmailDoc, emailRef } from "./tape.ts";

/** Mails that are looked at again in one run; each costs a read of the mailbox. */
const MAX_AGAIN = 10;

/** The connection whose label the mail carries beside ours. */
export function otherOwner(intake: Intake, labelIds: readonly string[]): ConnectionDoc | undefined {
  return labelIds.map((label) => intake.others.get(label)).find((each) => each !== undefined);
}

/** It carries another connection's label: nobody can say whose stay it is about, so nothing is done with it (requirements §4). */
export async function isolate(
  { world, ws, connection }: Intake,
  email: EmailDoc,
  other: ConnectionDoc,
): Promise<Partial<SyncCounts>> {
  const now = world.clock.now();
  logViolation(world, { ws, connectionId: connection.id }, email.messageId, other.id);
  const detail = `A mail carries the labels of connections ${connection.id} and ${other.id}: it is kept, and nothing is done with it. Take one of the labels away.`;
  await raiseAlert(world.store(ws), { kind: "label-isolation", subject: connection.id, detail }, now);
  const why = `It also carries the label of ${other.id}.`;
  const facts: FactsDoc = { ...blankFacts(email, now), state: "isolated", why };
  await world.store(ws).commit([{ kind: "put", ref: factsRef(email.id), data: facts }]);
  return { violations: 1 };
}

/**
 * Kept mails whose second label somebody took away since: each is somebody's now. What they are about is told by `work`.
 * The alert ends with the last of them.
 */
export async function lookAtIsolated(intake: Intake, work: (email: EmailDoc) => Promise<void>): Promise<void> {
  const { world, ws, connection, mailbox, labelId } = intake;
  const store = world.store(ws);
  const isolated = await store.query<FactsDoc>({
    collection: "facts",
    where: [
      { field: "connection", op: "==", value: connection.id },
      { field: "state", op: "==", value: "isolated" },
    ],
    limit: MAX_AGAIN,
  });
  let left = isolated.length === MAX_AGAIN ? 1 : 0;
  for (const { data } of isolated) {
    const now = await mailbox.read(data.messageId);
    const email = await store.get<EmailDoc>(emailRef(data.id));
    if (now === undefined || email === undefined || !now.labelIds.includes(labelId)) continue;
    if (otherOwner(intake, now.labelIds) === undefined) await work(email.data);
    else left += 1;
  }
  if (isolated.length > 0 && left === 0) await closeAlert(store, "label-isolation", connection.id);
}
