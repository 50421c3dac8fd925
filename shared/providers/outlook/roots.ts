import type { Settings } from "./schema.ts";

const GRAPH = "https://graph.microsoft.com";

/** Graph of each cloud, and where its tokens come from. */
const LOGINS: Readonly<Record<string, string>> = {
  [GRAPH]: "https://login.microsoftonline.com",
  "https://graph.microsoft.us": "https://login.microsoftonline.us",
  "https://dod-graph.microsoft.us": "https://login.microsoftonline.us",
  "https://microsoftgraph.chinacloudapi.cn": "https://login.partner.microsoftonline.cn",
};

export interface Roots {
  /** Where calls go, without the version. */
  readonly graph: string;
  readonly login: string;
  /** What the token is asked for. */
  readonly scope: string;
  /** False where something stands in for Graph. */
  readonly real: boolean;
}

/** A root from the environment goes before the settings' cloud. A stand-in gives tokens itself, unless told otherwise. */
export function rootsOf(settings: Settings, root: string): Roots {
  const cloud = settings.graph ?? GRAPH;
  const graph = root === GRAPH ? cloud : root;
  const login = settings.login ?? LOGINS[graph] ?? graph;
  return { graph, login, scope: `${cloud}/.default`, real: LOGINS[graph] !== undefined };
}
