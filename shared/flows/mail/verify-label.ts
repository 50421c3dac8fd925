import { isError, LockstepError } from "../../errors.ts";
import type { MailboxReader } from "../../ports/mailbox.ts";
import type { DocumentStore } from "../../ports/store.ts";
import { closeAlert, raiseAlert } from "../review.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, changeConnection, listConnections, type Trouble } from "./connection.ts";
import { openMailbox } from "./grant-keeper.ts";
import { logHealth } from "./mail-log.ts";

/** The label a connection reads, as it is now. */
export interface Verified {
  readonly mailbox: MailboxReader;
  readonly labelId: string;
  readonly connection: ConnectionDoc;
}

/**
 * Looks whether the label is there, under exactly that name (S36), and belongs to this connection alone. Notes the
 * outcome on the connection. Throws LABEL_NOT_CONFIGURED, LABEL_NOT_FOUND, LABEL_CONFLICT, NEEDS_RECONNECT, and what
 * the provider throws.
 */
export async function verifyLabel(world: World, ws: string, connection: ConnectionDoc): Promise<Verified> {
  try {
    requireLabel(connection);
    await requireOwnLabel(world.store(ws), connection);
    const mailbox = openMailbox(world, ws, connection);
    const label = (await mailbox.labels()).find(({ name }) => name === connection.label);
    if (label === undefined) throw labelNotFound(connection);
    return { mailbox, labelId: label.id, connection: await noteFound(world, ws, connection, label.id) };
  } catch (error) {
    if (error instanceof LockstepError) await noteTrouble(world, ws, connection, error);
    throw error;
  }
}

/** Throws LABEL_NOT_CONFIGURED. */
export function requireLabel({ label }: ConnectionDoc): void {
  if (label !== "") return;
  const detail = "This connection has no reservation_label yet: save one, then connect the mailbox.";
  throw new LockstepError("LABEL_NOT_CONFIGURED", { detail });
}

/** Two connections of a workspace never read one label name, in whosever mailbox: people tell them apart by it. Throws LABEL_CONFLICT. */
export async function requireOwnLabel(
  store: DocumentStore,
  { id, label }: Pick<ConnectionDoc, "id" | "label">,
): Promise<void> {
  const other = (await listConnections(store)).find((each) => each.id !== id && each.label === label);
  if (other === undefined || label === "") return;
  throw new LockstepError("LABEL_CONFLICT", {
    detail: `Connection ${other.id} reads the same label of this workspace: give one of the two another name in Gmail.`,
  });
}

function labelNotFound({ label }: ConnectionDoc): LockstepError {
  const shown = label.length <= 80 ? label : `${label.slice(0, 80).toWellFormed()}…`;
  return new LockstepError("LABEL_NOT_FOUND", { detail: `The mailbox has no label "${shown}".` });
}

/** A label made anew under the old name is another label: what the old one had been read to says nothing of it. */
async function noteFound(world: World, ws: string, connection: ConnectionDoc, labelId: string): Promise<ConnectionDoc> {
  const now = await changeConnection(world.store(ws), connection.id, (doc) => {
    if (doc.label !== connection.label || doc.grant !== connection.grant) return undefined;
    const isSame = doc.found?.labelId === labelId;
    if (isSame && doc.status === "connected") return undefined;
    const { reason: _mended, cursor, listing, ...rest } = doc;
    const known = isSame ? { ...(cursor !== undefined && { cursor }), ...(listing !== undefined && { listing }) } : {};
    return { ...rest, ...known, status: "connected", found: { labelId, name: doc.label } };
  });
  logHealth(world, { ws, connectionId: connection.id }, connection, now);
  if (connection.status === "error") await closeAlert(world.store(ws), "mailbox-unread", connection.id);
  return now;
}

/** What the health says of a failure; undefined where the failure says nothing of the connection. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (isError(error, "LABEL_NOT_FOUND", "LABEL_NOT_CONFIGURED", "LABEL_CONFLICT")) return error.code;
  if (isError(error, "NEEDS_RECONNECT")) return "needs_reconnect";
  return isError(error, "PROVIDER_UNAUTHORIZED", "PROVIDER_FORBIDDEN", "CONFIG_INVALID", "SECRET_MISSING")
    ? "unavailable"
    : undefined;
}

/**
 * Writes down why mail is not read, once, and raises it. Nothing is cancelled because of it; what waits is read once it
 * is mended (S46). A connection that was connected anew meanwhile is left alone.
 */
export async function noteTrouble(
  world: World,
  ws: string,
  connection: ConnectionDoc,
  error: LockstepError,
): Promise<void> {
  const reason = troubleOf(error);
  if (reason === undefined) return;
  let before = connection;
  const after = await changeConnection(world.store(ws), connection.id, (doc) => {
    before = doc;
    if (doc.grant !== connection.grant || doc.label !== connection.label) return undefined;
    // Nobody has connected it yet: it goes on waiting for that, whatever its label.
    if (doc.grant === 0) return undefined;
    return doc.status === "error" && doc.reason === reason ? undefined : { ...doc, status: "error", reason };
  });
  if (after.status !== "error") return;
  // Whoever looks later than the one that noted it sees no change: said once.
  logHealth(world, { ws, connectionId: connection.id }, before, after);
  const detail = `The mailbox of connection ${connection.id} is not read (${reason}); nothing is lost or cancelled because of that.`;
  await raiseAlert(world.store(ws), { kind: "mailbox-unread", subject: connection.id, detail }, world.clock.now());
}
