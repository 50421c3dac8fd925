/** What only Microsoft Graph does wrong. */
export const GRAPH_FAULTS = {
  throttle: "Graph: 429 with Retry-After: `throttle=5`; nothing is done.",
  "batch-throttle": "Graph: one part of a $batch answers 429: `batch-throttle=2` names its id.",
  "expire-delta":
    "Graph: 410 with Location, or 400 with a code: `expire-delta=syncStateNotFound`, `=syncStateInvalid`, `=resyncRequired`.",
  "delta-repeat": "Graph: delta shows every item twice.",
  "delta-removed-outside": "Graph: delta marks living events `@removed`, all or one: `delta-removed-outside=ID`.",
  "delta-restorable": "Graph: `@removed` carries the reason `changed`.",
  "subscription-refused": "Graph: 403 on creating or renewing a subscription (S48).",
  "subscription-slow": "Graph: the subscription made by this call delivers everything 10 s late.",
  lifecycle:
    "Graph: subscriptions that this call would notify hear `lifecycle=missed`, `=subscriptionRemoved` or `=reauthorizationRequired` instead.",
} as const satisfies Record<string, string>;
