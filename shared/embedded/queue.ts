import { LockstepError } from "../errors.ts";
import type { OutgoingMessage, PushEnvelope, SubscriptionSpec } from "../ports/bus.ts";
import type { Instant } from "../sync/time.ts";
import { type Database, openDatabase, type Row } from "./database.ts";

/** One message that one subscription has not acknowledged yet. */
export interface Pending {
  readonly subscription: string;
  readonly messageId: number;
  readonly orderingKey?: string;
  /** Not before this instant; empty: at once. */
  readonly due: Instant;
}

/** The durable half of the embedded bus: every step below is one transaction. */
export interface Queue {
  /** Stores the messages, once for each subscription of the topic. Throws BUS_UNAVAILABLE. */
  accept(topic: string, messages: readonly OutgoingMessage[], now: Instant): Pending[];
  /** What was not acknowledged when the file was last closed or its process killed, oldest first. */
  pending(): Pending[];
  /** Counts a delivery attempt before it is made, so that a crash within it counts too. */
  begin(spec: SubscriptionSpec, messageId: number): { readonly envelope: PushEnvelope; readonly attempt: number };
  acknowledge(spec: SubscriptionSpec, messageId: number): void;
  postpone(spec: SubscriptionSpec, messageId: number, due: Instant): void;
  /** Moves the message to the subscription's dead-letter topic, with the attributes Pub/Sub adds. */
  bury(spec: SubscriptionSpec, messageId: number, deadLetterTopic: string, now: Instant): Pending[];
  depth(): QueueDepth[];
  close(): void;
}

export interface QueueDepth {
  readonly subscription: string;
  readonly messages: number;
  /** When the oldest of them was published. */
  readonly oldest: Instant;
}

const SCHEMA = {
  version: 1,
  sql: `
    CREATE TABLE IF NOT EXISTS messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL, attributes TEXT NOT NULL,
      ordering_key TEXT, published_at TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS deliveries (
      message_id INTEGER NOT NULL, subscription TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (message_id, subscription)) WITHOUT ROWID`,
};

/** Opens the queue in `file` (":memory:" for none). `project` stands in the envelopes. */
export function openQueue(file: string, specs: readonly SubscriptionSpec[], project: string): Queue {
  const db = openDatabase(file, SCHEMA);
  const store = (topic: string, messages: readonly OutgoingMessage[], now: Instant) =>
    messages.flatMap((message) =>
      insert(
        db,
        specs.filter((spec) => spec.topic === topic),
        message,
        now,
      ),
    );
  return {
    accept: (topic, messages, now) => db.atomically(() => store(topic, messages, now)),
    pending: () => db.all(PENDING).map(pendingOf),
    begin: (spec, messageId) => begin(db, spec, messageId, project),
    acknowledge: (spec, messageId) => db.atomically(() => remove(db, spec, messageId)),
    postpone(spec, messageId, due) {
      db.run("UPDATE deliveries SET due = ? WHERE message_id = ? AND subscription = ?", due, messageId, spec.name);
    },
    bury: (spec, messageId, deadLetterTopic, now) =>
      db.atomically(() => {
        const letter = deadLetter(db, spec, messageId, project);
        remove(db, spec, messageId);
        return store(deadLetterTopic, [letter], now);
      }),
    depth: () => db.all(DEPTH).map(depthOf),
    close: () => db.close(),
  };
}

const PENDING = `SELECT d.subscription, d.message_id, d.due, m.ordering_key FROM deliveries d
  JOIN messages m ON m.id = d.message_id ORDER BY d.message_id`;
const DEPTH = `SELECT d.subscription, count(*) AS messages, min(m.published_at) AS oldest FROM deliveries d
  JOIN messages m ON m.id = d.message_id GROUP BY d.subscription ORDER BY d.subscription`;
const MESSAGE = `SELECT m.*, d.attempts FROM deliveries d JOIN messages m ON m.id = d.message_id
  WHERE d.message_id = ? AND d.subscription = ?`;

function insert(db: Database, specs: readonly SubscriptionSpec[], message: OutgoingMessage, now: Instant): Pending[] {
  const { data, attributes, orderingKey } = message;
  const sql = "INSERT INTO messages (data, attributes, ordering_key, published_at) VALUES (?, ?, ?, ?)";
  const messageId = db.insert(sql, data, JSON.stringify(attributes), orderingKey ?? null, now);
  return specs.map(({ name }) => {
    db.run("INSERT INTO deliveries (message_id, subscription) VALUES (?, ?)", messageId, name);
    return { subscription: name, messageId, due: "", ...(orderingKey === undefined ? {} : { orderingKey }) };
  });
}

function begin(db: Database, spec: SubscriptionSpec, messageId: number, project: string) {
  const count = "UPDATE deliveries SET attempts = attempts + 1 WHERE message_id = ? AND subscription = ?";
  db.run(count, messageId, spec.name);
  const row = find(db, spec, messageId);
  const attempt = Number(row["attempts"]);
  return { envelope: envelopeOf(row, spec, project, attempt), attempt };
}

function remove(db: Database, spec: SubscriptionSpec, messageId: number): void {
  db.run("DELETE FROM deliveries WHERE message_id = ? AND subscription = ?", messageId, spec.name);
  const unwanted = "DELETE FROM messages WHERE id = ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = ?)";
  db.run(unwanted, messageId, messageId);
}

function find(db: Database, spec: SubscriptionSpec, messageId: number): Row {
  const row = db.one(MESSAGE, messageId, spec.name);
  if (row) return row;
  throw new LockstepError("INTERNAL", { detail: `Message ${messageId} of ${spec.name} is not in the queue.` });
}

function envelopeOf(row: Row, spec: SubscriptionSpec, project: string, attempt: number): PushEnvelope {
  const key = row["ordering_key"];
  return {
    message: {
      data: Buffer.from(String(row["data"])).toString("base64"),
      attributes: attributesOf(row),
      messageId: String(row["id"]),
      publishTime: String(row["published_at"]),
      ...(typeof key === "string" ? { orderingKey: key } : {}),
    },
    subscription: `projects/${project}/subscriptions/${spec.name}`,
    // Google sends the count only where there is a dead-letter topic (API_FACTS §4).
    ...(spec.deadLetterTopic === undefined ? {} : { deliveryAttempt: attempt }),
  };
}

function deadLetter(db: Database, spec: SubscriptionSpec, messageId: number, project: string): OutgoingMessage {
  const row = find(db, spec, messageId);
  const key = row["ordering_key"];
  return {
    data: String(row["data"]),
    attributes: {
      ...attributesOf(row),
      CloudPubSubDeadLetterSourceDeliveryCount: String(row["attempts"]),
      CloudPubSubDeadLetterSourceSubscription: spec.name,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: String(row["published_at"]).replace("Z", "+00:00"),
    },
    ...(typeof key === "string" ? { orderingKey: key } : {}),
  };
}

function attributesOf(row: Row): Record<string, string> {
  // Written by `insert` from an OutgoingMessage's attributes.
  return JSON.parse(String(row["attributes"])) as Record<string, string>;
}

function pendingOf(row: Row): Pending {
  const key = row["ordering_key"];
  return {
    subscription: String(row["subscription"]),
    messageId: Number(row["message_id"]),
    due: String(row["due"]),
    ...(typeof key === "string" ? { orderingKey: key } : {}),
  };
}

function depthOf(row: Row): QueueDepth {
  return {
    subscription: String(row["subscription"]),
    messages: Number(row["messages"]),
    oldest: String(row["oldest"]),
  };
}
