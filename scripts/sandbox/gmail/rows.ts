export interface AccountRow {
  readonly email: string;
  /** Grows with every change; history entries bear it. */
  readonly historyId: number;
  /** History up to here is forgotten: a start before it is 404. */
  readonly forgottenTo: number;
}

export interface LabelRow {
  readonly id: string;
  readonly name: string;
  readonly type: "system" | "user";
}

export interface MessageRow {
  readonly id: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  /** The whole message, base64. */
  readonly raw: string;
  readonly receivedMs: number;
  readonly historyId: number;
}

export type HistoryKind = "messagesAdded" | "messagesDeleted" | "labelsAdded" | "labelsRemoved";

export interface HistoryRow {
  readonly id: number;
  readonly kind: HistoryKind;
  readonly messageId: string;
  readonly threadId: string;
  /** All labels of the message after the change. */
  readonly labelIds: readonly string[];
  /** The labels that came or went. */
  readonly changed: readonly string[];
}

export interface WatchRow {
  readonly email: string;
  readonly topicName: string;
  readonly labelIds: readonly string[];
  readonly expiresMs: number;
  readonly silent: boolean;
  /** When the last notice left: more than one a second is dropped (API_FACTS §2). */
  readonly lastMs: number;
}

/** What a person allowed: the refresh token lives as long as it. */
export interface GrantRow {
  readonly refreshToken: string;
  readonly email: string;
  readonly clientId: string;
  readonly scope: string;
  readonly revoked: boolean;
}

export interface AccessRow {
  readonly token: string;
  readonly email: string;
  readonly refreshToken: string;
  readonly scope: string;
  readonly expiresMs: number;
}

export interface CodeRow {
  readonly code: string;
  readonly email: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly challenge: string;
  readonly nonce: string;
  /** A refresh token comes along only with `access_type=offline`. */
  readonly offline: boolean;
  readonly expiresMs: number;
}
