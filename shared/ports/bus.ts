/** The message bus, seen from a publisher. Delivery is by push: HTTP POST of a `PushEnvelope`. */
export interface Publisher {
  /**
   * Resolves when every message is durably accepted. Throws BUS_UNAVAILABLE; then some of them may
   * have been accepted, and publishing again is right, since every message takes effect once.
   */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface OutgoingMessage {
  /** JSON text, at most 1 MB. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages with the same key are delivered one at a time, in the order published. */
  readonly orderingKey?: string;
}

/** What a push subscription POSTs, as Google sends it (API_FACTS §4); `data` is base64. */
export interface PushEnvelope {
  readonly message: {
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    readonly messageId: string;
    readonly publishTime: string;
    readonly orderingKey?: string;
  };
  readonly subscription: string;
  readonly deliveryAttempt?: number;
}

/** One push subscription, as `function.yaml` declares it. */
export interface SubscriptionSpec {
  readonly name: string;
  readonly topic: string;
  /** Name of the function that takes the messages. */
  readonly target: string;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** How long a delivery may take before it counts as refused. */
  readonly ackDeadlineMs: number;
  /** After this many refused deliveries the message goes to `deadLetterTopic`. 5 to 100. */
  readonly maxDeliveryAttempts: number;
  readonly deadLetterTopic?: string;
  readonly ordered: boolean;
}
