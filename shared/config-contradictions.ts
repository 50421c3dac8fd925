import type { AccountConfig, Config, ResourceConfig, WorkspaceConfig } from "./config.ts";
import { type Complaint, complaintsOf, hint } from "./config-complaints.ts";
import type { Provider } from "./ports/provider.ts";

type Providers = Readonly<Record<string, Provider>>;

/** What no schema sees: names that lead nowhere, things used twice, settings their provider refuses. */
export function findContradictions(config: Config, providers: Providers): Complaint[] {
  const workspaces = Object.entries(config.workspaces);
  return [
    ...(workspaces.length === 0 ? [{ path: ["workspaces"], says: "name at least one workspace" }] : []),
    ...workspaces.flatMap(([ws, workspace]) => inWorkspace(["workspaces", ws], workspace, providers)),
    ...calendarsUsedTwice(config),
  ];
}

function inWorkspace(path: readonly string[], workspace: WorkspaceConfig, providers: Providers): Complaint[] {
  const accounts = (kind: "source" | "calendar", key: "sources" | "calendars") =>
    Object.entries(workspace[key]).flatMap(([name, account]) =>
      inAccount([...path, key, name], account, kind, providers),
    );
  const resources = Object.entries(workspace.resources);
  return [
    ...accounts("source", "sources"),
    ...accounts("calendar", "calendars"),
    ...(workspace.mailbox === undefined
      ? []
      : inAccount([...path, "mailbox"], workspace.mailbox, "mailbox", providers)),
    ...resources.flatMap(([id, resource]) => inResource([...path, "resources", id], resource, workspace)),
    ...besideOthers([...path, "resources"], resources),
  ];
}

function inAccount(
  path: readonly string[],
  account: AccountConfig,
  kind: Provider["kind"],
  providers: Providers,
): Complaint[] {
  const provider = Object.hasOwn(providers, account.provider) ? providers[account.provider] : undefined;
  if (provider?.kind !== kind) {
    const fitting = Object.values(providers).filter((each) => each.kind === kind);
    const says = `unknown ${kind} provider "${account.provider}"; ${hint(
      account.provider,
      fitting.map((each) => each.name),
    )}`;
    return [{ path: [...path, "provider"], says }];
  }
  const result = provider.settings.safeParse(account.settings);
  const issues = result.success ? [] : result.error.issues;
  return issues.flatMap((issue) => complaintsOf(issue, provider.settings, [...path, "settings"]));
}

function inResource(path: readonly string[], resource: ResourceConfig, workspace: WorkspaceConfig): Complaint[] {
  const sources = Object.keys(workspace.sources);
  const calendars = Object.keys(workspace.calendars);
  const complaints: Complaint[] = [];
  if (!sources.includes(resource.source)) {
    complaints.push({
      path: [...path, "source"],
      says: `there is no source "${resource.source}"; ${hint(resource.source, sources)}`,
    });
  }
  const account = resource.calendarAccount;
  if (account !== undefined && !calendars.includes(account)) {
    complaints.push({
      path: [...path, "calendarAccount"],
      says: `there is no calendar account "${account}"; ${hint(account, calendars)}`,
    });
  }
  if (account === undefined && calendars.length !== 1) {
    const says =
      calendars.length === 0 ? "name the account under calendars first" : `say which: ${calendars.join(", ")}`;
    complaints.push({ path: [...path, "calendarAccount"], says: `is missing; ${says}` });
  }
  return complaints;
}

/** Two resources of one source may share neither its name for them nor disagree on its zone. */
function besideOthers(path: readonly string[], resources: readonly (readonly [string, ResourceConfig])[]): Complaint[] {
  return resources.flatMap(([id, resource], index) => {
    const [earlierId, earlier] = resources.slice(0, index).find(([, each]) => each.source === resource.source) ?? [];
    const twin = resources
      .slice(0, index)
      .find(([, each]) => each.source === resource.source && each.sourceName === resource.sourceName);
    const says: Complaint[] = [];
    if (twin !== undefined) {
      says.push({
        path: [...path, id, "sourceName"],
        says: `"${resource.sourceName}" is ${twin[0]} already; a name belongs to one resource`,
      });
    }
    if (earlier !== undefined && earlier.timeZone !== resource.timeZone) {
      says.push({
        path: [...path, id, "timeZone"],
        says: `${earlierId} of the same source says ${earlier.timeZone}; its local times can be read in one zone only`,
      });
    }
    return says;
  });
}

/** Also across workspaces: two of them writing into one calendar would undo each other's events. */
function calendarsUsedTwice(config: Config): Complaint[] {
  const owners = new Map<string, string>();
  const complaints: Complaint[] = [];
  for (const [ws, workspace] of Object.entries(config.workspaces)) {
    for (const [id, { calendar }] of Object.entries(workspace.resources)) {
      const owner = owners.get(calendar);
      if (owner !== undefined) {
        const path = ["workspaces", ws, "resources", id, "calendar"];
        complaints.push({ path, says: `belongs to ${owner} already; give each resource its own calendar` });
      }
      owners.set(calendar, owner ?? `${ws}/${id}`);
    }
  }
  return complaints;
}
