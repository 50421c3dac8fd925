import { createHash } from "node:crypto";
import { z } from "zod";
import type { Installation } from "../installation.ts";
import { firstDifference, gcloud, type Look, SAME, type Step } from "../step.ts";
import { dashboardOf } from "./dashboard.ts";
import { type AlertPolicy, alertPolicies } from "./policies.ts";
import { filterOf, metricName, SIGNALS, type Signal } from "./signals.ts";

const Metrics = z.array(z.object({ name: z.string(), filter: z.string() }));
const Channels = z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }));
const Policies = z.array(
  z.object({
    name: z.string(),
    displayName: z.string().optional(),
    userLabels: z.record(z.string(), z.string()).default({}),
  }),
);
const Dashboards = z.array(
  z.object({
    name: z.string(),
    displayName: z.string(),
    etag: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
);

/** Counters of log lines, who is told, of what, and a dashboard over all. */
export function monitoringSteps(installation: Installation): Step[] {
  const { project, notify } = installation;
  return [
    ...SIGNALS.map((signal) => metricStep(project, signal)),
    ...(notify === undefined ? [] : [channelStep(project, notify)]),
    ...alertPolicies(installation).map((policy) => policyStep(installation, policy)),
    dashboardStep(project),
  ];
}

function metricStep(project: string, signal: Signal): Step {
  const name = metricName(signal);
  const flags = [`--description=${signal.title}`, `--log-filter=${filterOf(signal)}`, `--project=${project}`];
  return {
    group: "monitoring",
    name: `metric ${name}`,
    async compare(look) {
      const all = Metrics.parse((await look("logging", "metrics", "list", `--project=${project}`)) ?? []);
      const found = all.find((each) => each.name === name);
      if (found === undefined)
        return { kind: "create", commands: [gcloud("logging", "metrics", "create", name, ...flags)] };
      const why = firstDifference([["its filter", found.filter, filterOf(signal)]]);
      const update = gcloud("logging", "metrics", "update", name, ...flags);
      return why === undefined ? SAME : { kind: "change", why, commands: [update] };
    },
  };
}

function channelStep(project: string, email: string): Step {
  const flags = ["--display-name=Lockstep", "--type=email", `--channel-labels=email_address=${email}`];
  return {
    group: "monitoring",
    name: "who is told of alerts",
    seenByItsGroup: true,
    async compare(look) {
      if ((await findChannel(look, project, email)) !== undefined) return SAME;
      const create = gcloud("beta", "monitoring", "channels", "create", ...flags, `--project=${project}`);
      return { kind: "create", commands: [create] };
    },
  };
}

async function findChannel(look: Look, project: string, email: string): Promise<string | undefined> {
  const all = Channels.parse((await look("beta", "monitoring", "channels", "list", `--project=${project}`)) ?? []);
  return all.find(({ labels }) => labels["email_address"] === email)?.name;
}

function policyStep({ project, notify }: Installation, policy: AlertPolicy): Step {
  return {
    group: "monitoring",
    name: `alert ${policy.displayName}`,
    async compare(look) {
      const channel = notify === undefined ? undefined : await findChannel(look, project, notify);
      const wanted = { ...policy, ...(channel !== undefined && { notificationChannels: [channel] }) };
      const content = hashOf(wanted);
      const flag = `--policy=${JSON.stringify({ ...wanted, userLabels: { content } })}`;
      const all = Policies.parse((await look("alpha", "monitoring", "policies", "list", `--project=${project}`)) ?? []);
      const found = all.find(({ displayName }) => displayName === policy.displayName);
      const at = ["alpha", "monitoring", "policies"];
      if (found === undefined)
        return { kind: "create", commands: [gcloud(...at, "create", flag, `--project=${project}`)] };
      const why = firstDifference([["its content", found.userLabels["content"], content]]);
      const update = gcloud(...at, "update", found.name, flag, `--project=${project}`);
      return why === undefined ? SAME : { kind: "change", why, commands: [update] };
    },
  };
}

function dashboardStep(project: string): Step {
  const wanted = dashboardOf();
  const labels = { [`content-${hashOf(wanted)}`]: "" };
  return {
    group: "monitoring",
    name: "dashboard",
    async compare(look) {
      const all = Dashboards.parse((await look("monitoring", "dashboards", "list", `--project=${project}`)) ?? []);
      const found = all.find(({ displayName }) => displayName === wanted.displayName);
      const at = ["monitoring", "dashboards"];
      if (found === undefined) {
        const flag = `--config=${JSON.stringify({ ...wanted, labels })}`;
        return { kind: "create", commands: [gcloud(...at, "create", flag, `--project=${project}`)] };
      }
      const why = firstDifference([["its content", Object.keys(found.labels), Object.keys(labels)]]);
      const flag = `--config=${JSON.stringify({ ...wanted, labels, etag: found.etag })}`;
      const update = gcloud(...at, "update", found.name, flag, `--project=${project}`);
      return why === undefined ? SAME : { kind: "change", why, commands: [update] };
    },
  };
}

function hashOf(value: object): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
