import type { DocumentStore } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import type { BookingKey } from "./documents.ts";
import type { World } from "./world.ts";

/** Collection `operatorActions`: who decided or started what, and when. Kept for thirteen months. */
export interface OperatorAction {
  readonly at: Instant;
  /** `key:4f1d…`, an e-mail address, or `demo-operator`. */
  readonly actor: string;
  /** `approve hold` */
  readonly action: string;
  /** What it was done to, e.g. the hold's id; "" where the action says it. */
  readonly target: string;
  /** The one booking it concerns, else "". What concerns many is told by each one's journal. */
  readonly bookingKey: BookingKey | "";
  /** `done`, or the code of the failure over which nobody knows how much of it was done. */
  readonly outcome: string;
}

const KEPT_MS = 400 * 86_400_000;
/** Shown of one booking. */
const MAX_OF_BOOKING = 20;
export const OPERATOR_ACTIONS = "operatorActions";

/** Keeps an action, and logs it. It is done already: a store that fails is told to the log, not to whoever did it. */
export async function recordAction(world: World, ws: string, act: Omit<OperatorAction, "at">): Promise<void> {
  const { actor, action, target, outcome } = act;
  world.log.write("NOTICE", "operator action", { ws, actor, action, target, outcome });
  const data: OperatorAction = { ...act, at: world.clock.now() };
  const ref = { collection: OPERATOR_ACTIONS, id: world.newId() };
  try {
    await world.store(ws).commit([{ kind: "put", ref, data, expiresAt: later(data.at, KEPT_MS) }]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    world.log.write("ERROR", "operator action not kept", { ws, actor, action, reason });
  }
}

/** What people did about one booking, the newest first. */
export async function actionsOn(store: DocumentStore, key: BookingKey): Promise<OperatorAction[]> {
  const rows = await store.query<OperatorAction>({
    collection: OPERATOR_ACTIONS,
    where: [{ field: "bookingKey", op: "==", value: key }],
    orderBy: { field: "at", descending: true },
    limit: MAX_OF_BOOKING,
  });
  return rows.map(({ data }) => data);
}
