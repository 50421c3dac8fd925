import { workspaceOf } from "../../config.ts";
import { LockstepError } from "../../errors.ts";
import type { World } from "../world.ts";
import {
  addConnection,
  type ConnectionDoc,
  type ConnectionPlatform,
  changeConnection,
  connectionIdFor,
} from "./connection.ts";
import { requireOwnLabel, verifyLabel } from "./verify-label.ts";

/** What a person says of a connection; what is left out stays. */
export interface ConnectionWords {
  readonly platform?: ConnectionPlatform;
  readonly label?: string;
  /** Null: its mails name the property themselves. */
  readonly property?: string | null;
}

/** Throws INVALID_REQUEST for a property that is no resource of the workspace, LABEL_CONFLICT for another one's label. */
export async function createConnection(
  world: World,
  ws: string,
  words: ConnectionWords & { readonly platform: ConnectionPlatform },
  actor: string,
): Promise<ConnectionDoc> {
  requireProperty(world, ws, words);
  const { platform, label = "", property } = words;
  const doc: ConnectionDoc = {
    ...{ id: connectionIdFor(ws, world.newId), platform, label, status: "pending", account: "", grant: 0 },
    createdAt: world.clock.now(),
    createdBy: actor,
    ...(property === undefined || property === null ? {} : { property }),
  };
  await requireOwnLabel(world.store(ws), doc);
  await addConnection(world.store(ws), doc);
  return doc;
}

/**
 * Changes what a connection reads. A new label of a connected mailbox is looked for at once, and the connection says
 * what came of it. Throws NOT_FOUND, INVALID_REQUEST, and LABEL_CONFLICT: then nothing was changed.
 */
export async function editConnection(
  world: World,
  ws: string,
  id: string,
  words: ConnectionWords,
): Promise<ConnectionDoc> {
  requireProperty(world, ws, words);
  const { platform, label, property } = words;
  if (label !== undefined) await requireOwnLabel(world.store(ws), { id, label });
  const edited = await changeConnection(world.store(ws), id, ({ property: before, ...doc }) => ({
    ...doc,
    ...(platform === undefined ? {} : { platform }),
    ...(label === undefined ? {} : { label }),
    ...(property === null || (property === undefined && before === undefined)
      ? {}
      : { property: property ?? before ?? "" }),
  }));
  if (edited.grant === 0) return edited;
  return checkedNow(world, ws, edited);
}

/** What stands in the way is noted on the connection: the edit itself took effect. */
async function checkedNow(world: World, ws: string, edited: ConnectionDoc): Promise<ConnectionDoc> {
  try {
    return (await verifyLabel(world, ws, edited)).connection;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return changeConnection(world.store(ws), edited.id, () => undefined);
  }
}

function requireProperty(world: World, ws: string, { property }: ConnectionWords): void {
  if (property === undefined || property === null) return;
  if (Object.hasOwn(workspaceOf(world.config, ws).resources, property)) return;
  throw new LockstepError("INVALID_REQUEST", {
    detail: `body.property: there is no resource ${property} in the configuration.`,
  });
}
