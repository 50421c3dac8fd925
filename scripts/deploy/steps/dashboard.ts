import { metricName, SIGNALS } from "./signals.ts";

export interface Dashboard {
  readonly displayName: string;
  readonly gridLayout: { readonly columns: string; readonly widgets: readonly object[] };
}

/** The dashboard as Cloud Monitoring's API takes it: each signal, what waits, and how the functions answer. */
export function dashboardOf(): Dashboard {
  const signals = SIGNALS.map(({ title, ...signal }) =>
    chart(
      title,
      `resource.type="cloud_run_revision" AND metric.type="logging.googleapis.com/user/${metricName(signal)}"`,
      { perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_SUM" },
    ),
  );
  const waiting = chart(
    "Oldest message that waits (seconds)",
    `resource.type="pubsub_subscription" AND metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age"`,
    {
      perSeriesAligner: "ALIGN_MAX",
      crossSeriesReducer: "REDUCE_MAX",
      groupByFields: ["resource.label.subscription_id"],
    },
  );
  const answers = chart(
    "Requests by function and kind of answer",
    `resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/request_count"`,
    {
      perSeriesAligner: "ALIGN_DELTA",
      crossSeriesReducer: "REDUCE_SUM",
      groupByFields: ["resource.label.service_name", "metric.label.response_code_class"],
    },
  );
  return { displayName: "Lockstep", gridLayout: { columns: "3", widgets: [...signals, waiting, answers] } };
}

function chart(title: string, filter: string, aggregation: object): object {
  const query = { timeSeriesFilter: { filter, aggregation: { alignmentPeriod: "300s", ...aggregation } } };
  return { title, xyChart: { dataSets: [{ timeSeriesQuery: query, plotType: "LINE" }] } };
}
