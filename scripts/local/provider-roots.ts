import type { Config } from "../../shared/config.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import type { SandboxName } from "./options.ts";

type Providers = Readonly<Record<string, Provider>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Which simulation stands in for which provider, and where below the sandbox's address. */
const STAND_INS: Readonly<Record<SandboxName, { readonly provider: string; readonly path: string }>> = {
  google: { provider: "google-calendar", path: "/google" },
  uschedule: { provider: "uschedule", path: "/uschedule" },
  graph: { provider: "outlook", path: "/graph" },
  booking: { provider: "booking-api", path: "/booking" },
  // Google's client puts /gmail in front of its paths by itself.
  gmail: { provider: "gmail", path: "" },
  ical: { provider: "ical", path: "/ical" },
  osm: { provider: "osm", path: "/osm" },
};

/** The environment with the roots of the simulated providers; what it names itself wins. */
export function withSandboxRoots(
  environment: Environment,
  sandboxes: readonly SandboxName[],
  sandboxUrl: string,
  providers: Providers,
): Environment {
  const roots = sandboxes.flatMap((name) => {
    const { provider, path } = STAND_INS[name];
    const variable = providers[provider]?.root.variable;
    return variable === undefined ? [] : [[variable, `${sandboxUrl}${path}`]];
  });
  const signIn = sandboxes.includes("gmail") ? { GOOGLE_SIGN_IN_ROOT: `${sandboxUrl}/gmail/oauth` } : {};
  return { ...Object.fromEntries(roots), ...signIn, ...definedOf(environment) };
}

function definedOf(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));
}

export interface Reached {
  readonly provider: string;
  /** As it may be shown: a database's URL without its password. */
  readonly root: string;
  /** True where it is on this machine: a simulation, ours or another. */
  readonly local: boolean;
}

/** Every provider that the configuration uses, and where it is reached. */
export function rootsInUse(config: Config, providers: Providers, environment: Environment): Reached[] {
  const accounts = Object.values(config.workspaces).flatMap((each) => [
    ...Object.values(each.sources),
    ...Object.values(each.calendars),
    ...(each.mailbox === undefined ? [] : [each.mailbox]),
  ]);
  const names = new Set(accounts.map((account) => account.provider));
  return [...names].flatMap((name) => {
    const provider = providers[name];
    if (provider === undefined) return [];
    const root = environment[provider.root.variable] ?? provider.root.url;
    const { hostname, password } = new URL(root);
    const shown = password === "" ? root : root.replace(/^([a-z]+:\/\/[^:/@]*):.*@/, "$1:…@");
    return [{ provider: name, root: shown, local: ["localhost", "127.0.0.1", "[::1]"].includes(hostname) }];
  });
}
