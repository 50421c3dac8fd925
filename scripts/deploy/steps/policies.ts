import type { Installation } from "../installation.ts";
import { metricName, SIGNALS, type Signal } from "./signals.ts";

/** An alert policy as Cloud Monitoring's API takes it. */
export interface AlertPolicy {
  readonly displayName: string;
  readonly documentation: { readonly content: string; readonly mimeType: "text/markdown" };
  readonly combiner: "OR";
  readonly conditions: readonly object[];
}

const FIVE_MINUTES = "300s";
/** A message may wait while its provider is down; this long, somebody should look. */
const OLDEST_MESSAGE_SECONDS = 1_800;

/** One for each signal that somebody is told of, one for messages that wait, and one for silence of each scheduled function. */
export function alertPolicies(installation: Installation): AlertPolicy[] {
  const scheduled = [...installation.functions].filter(([, { trigger }]) => trigger.kind === "schedule");
  return [
    ...SIGNALS.flatMap(({ alertAbove, ...signal }) => (alertAbove === undefined ? [] : [counted(signal, alertAbove)])),
    waiting(),
    ...scheduled.map(([name]) => silent(name)),
  ];
}

function policy(displayName: string, content: string, condition: object): AlertPolicy {
  return {
    displayName: `Lockstep: ${displayName}`,
    documentation: { content, mimeType: "text/markdown" },
    combiner: "OR",
    conditions: [{ displayName, ...condition }],
  };
}

function counted({ id, title, remedy = "" }: Omit<Signal, "alertAbove">, above: number): AlertPolicy {
  return policy(title, remedy, {
    conditionThreshold: {
      filter: `resource.type="cloud_run_revision" AND metric.type="logging.googleapis.com/user/${metricName({ id })}"`,
      comparison: "COMPARISON_GT",
      thresholdValue: above,
      duration: "0s",
      aggregations: [
        { alignmentPeriod: FIVE_MINUTES, perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_SUM" },
      ],
    },
  });
}

function waiting(): AlertPolicy {
  const metric = "pubsub.googleapis.com/subscription/oldest_unacked_message_age";
  return policy(
    "Messages wait",
    "A subscription's oldest message is not taken: look at its function's log, and whether its provider answers.",
    {
      conditionThreshold: {
        filter: `resource.type="pubsub_subscription" AND metric.type="${metric}"`,
        comparison: "COMPARISON_GT",
        thresholdValue: OLDEST_MESSAGE_SECONDS,
        duration: FIVE_MINUTES,
        aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MAX" }],
      },
    },
  );
}

/** A job that is paused or refused makes no line in any log of ours: only the absence of its requests shows it (S57). */
function silent(name: string): AlertPolicy {
  const metric = "run.googleapis.com/request_count";
  return policy(
    `${name} is not called`,
    `gcloud scheduler jobs list says which of its jobs are paused, and what the last attempts answered.`,
    {
      conditionAbsent: {
        filter: `resource.type="cloud_run_revision" AND resource.labels.service_name="${name}" AND metric.type="${metric}" AND metric.labels.response_code_class="2xx"`,
        duration: "3600s",
        aggregations: [
          { alignmentPeriod: FIVE_MINUTES, perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_SUM" },
        ],
      },
    },
  );
}
