import { LockstepError } from "../../errors.ts";
import type { NewId } from "../../ports/clock.ts";
import { ABSENT, type DocumentRef, type DocumentStore, type Stored } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";

export const PLATFORMS = ["airbnb", "vrbo", "booking", "pms"] as const;
export type ConnectionPlatform = (typeof PLATFORMS)[number];

/** Why a connection does not read its mail; a person can mend each of them. */
export type Trouble =
  | "needs_reconnect"
  | "LABEL_NOT_FOUND"
  | "LABEL_NOT_CONFIGURED"
  | "LABEL_CONFLICT"
  /** The provider is down or refuses us; tried again by itself. */
  | "unavailable";

/** Collection `connections`: one label of one mailbox. The refresh token is in the secret that `grantSecret` names. */
export interface ConnectionDoc {
  readonly id: string;
  readonly platform: ConnectionPlatform;
  /** Exact name of the label; "" while none is saved. */
  readonly label: string;
  /** The one property its mails are about, as id of a resource; left out: they name it themselves. */
  readonly property?: string;
  /** `pending`: nobody has given permission yet. */
  readonly status: "pending" | "connected" | "error";
  readonly reason?: Trouble;
  /** Whose mailbox it is, in small letters; known once connected. "" before. */
  readonly account: string;
  /** Counts the permissions that were given; 0: none. */
  readonly grant: number;
  /** The label's stable id, and the name it had when it was found. */
  readonly found?: { readonly labelId: string; readonly name: string };
  /** History up to here is read. */
  readonly cursor?: string;
  /** A full listing under way: where history stood when it began, and its next page. */
  readonly listing?: { readonly cursor: string; readonly page?: string; readonly seen: number };
  /** Until when new mail is told of, for which labels of the account; an end that is not after `askedAt`: it was refused. */
  readonly watch?: { readonly labelIds: readonly string[]; readonly expiresAt: Instant; readonly askedAt: Instant };
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly lastSync?: LastSync;
  readonly lastSuccess?: Instant;
}

/** What the last run of a connection did; the numbers are its own. */
export interface LastSync extends SyncCounts {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly outcome: "done" | "more" | "failed";
}

export interface SyncCounts {
  /** Messages that were looked at. */
  readonly scanned: number;
  /** Of them kept for the first time. */
  readonly kept: number;
  /** Known already, or gone. */
  readonly skipped: number;
  readonly enriched: number;
  /** Review items opened, and closed because their stay came. */
  readonly asked: number;
  readonly closed: number;
  /** Carrying another connection's label. */
  readonly violations: number;
}

export const NO_COUNTS: SyncCounts = {
  scanned: 0,
  kept: 0,
  skipped: 0,
  enriched: 0,
  asked: 0,
  closed: 0,
  violations: 0,
};

/** A fresh id: it says whose it is, so that nobody has to look into another workspace to refuse it. */
export function connectionIdFor(ws: string, newId: NewId): string {
  return `${ws}-${newId()}`;
}

/** The workspace that an id names; "" where it is no id of a connection. */
export function workspaceOfId(id: string): string {
  return /^(.{1,60})-[0-9a-f]{32}$/.exec(id)?.[1] ?? "";
}

export function connectionRef(id: string): DocumentRef {
  return { collection: "connections", id: documentId(id) };
}

/** Name of the secret that holds a connection's refresh token: `gmail-{workspace}-{random}`. */
export function grantSecret(connectionId: string): string {
  return `gmail-${connectionId}`;
}

/** Throws NOT_FOUND. */
export async function loadConnection(store: DocumentStore, id: string): Promise<Stored<ConnectionDoc>> {
  const stored = await store.get<ConnectionDoc>(connectionRef(id));
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "There is no such connection." });
  return stored;
}

/** Times a connection's document is read anew because somebody changed it meanwhile. */
const MAX_TRIES = 5;

/**
 * Changes a connection on what it is now. `change` may be asked several times; undefined: leave it. Throws NOT_FOUND,
 * STORE_CONFLICT where others change it all the time.
 */
export async function changeConnection(
  store: DocumentStore,
  id: string,
  change: (doc: ConnectionDoc) => ConnectionDoc | undefined,
): Promise<ConnectionDoc> {
  for (let tries = 1; ; tries++) {
    const { data, version, ref } = await loadConnection(store, id);
    const next = change(data);
    if (next === undefined) return data;
    try {
      await store.commit([{ kind: "put", ref, data: next, ifVersion: version }]);
      return next;
    } catch (error) {
      if (tries >= MAX_TRIES || !(error instanceof LockstepError) || error.code !== "STORE_CONFLICT") throw error;
    }
  }
}

/** At most so many connections in a workspace (law 12). */
const MAX_CONNECTIONS = 200;

export async function listConnections(store: DocumentStore): Promise<ConnectionDoc[]> {
  const rows = await store.query<ConnectionDoc>({ collection: "connections", limit: MAX_CONNECTIONS });
  return rows.map(({ data }) => data);
}

export async function addConnection(store: DocumentStore, doc: ConnectionDoc): Promise<void> {
  if ((await store.count({ collection: "connections" })) >= MAX_CONNECTIONS) {
    throw new LockstepError("INVALID_STATE", { detail: `A workspace has at most ${MAX_CONNECTIONS} connections.` });
  }
  await store.commit([{ kind: "put", ref: connectionRef(doc.id), data: doc, ifVersion: ABSENT }]);
}
