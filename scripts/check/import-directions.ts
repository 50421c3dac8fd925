import type { IForbiddenRuleType } from "dependency-cruiser";

/** Who may import whom (DESIGN §4). Paths are regular expressions over paths from the root. */
export const IMPORT_DIRECTIONS: IForbiddenRuleType[] = [
  {
    name: "core-imports-only-itself",
    comment: "shared/sync is pure: everything comes in as a value",
    severity: "error",
    from: { path: "^shared/sync/" },
    to: { pathNot: "^shared/sync/" },
  },
  {
    name: "series-are-pure",
    comment: "repeating events and time zones: values in, values out, over the core's types",
    severity: "error",
    from: { path: "^shared/series/" },
    to: { path: "^(shared|functions|scripts|test)/", pathNot: "^shared/(series|sync)/" },
  },
  {
    name: "mail-is-pure",
    comment: "reading mails: bytes in, values out, over the core's types and the kept parsers",
    severity: "error",
    from: { path: "^shared/mail/" },
    to: {
      pathNot: "^shared/(mail/|sync/time\\.ts$)|(^|/)node_modules/(postal-mime|htmlparser2)/",
    },
  },
  {
    name: "stays-are-pure",
    comment: "what a feed's bytes mean for a home: values in, values out, over series and the core's types",
    severity: "error",
    from: { path: "^shared/stays/" },
    to: { path: "^(shared|functions|scripts|test)/", pathNot: "^shared/(stays|series|sync)/" },
  },
  {
    name: "ports-know-types-only",
    comment: "a port names what the shell needs, in the core's types; the error codes are its documented failures",
    severity: "error",
    from: { path: "^shared/ports/" },
    to: { pathNot: "^shared/(ports|sync)/|^shared/errors\\.ts$|(^|/)node_modules/zod/" },
  },
  {
    name: "topics-are-schemas",
    comment: "a message's schema is written with zod over the core's types",
    severity: "error",
    from: { path: "^shared/topics/" },
    to: { pathNot: "^shared/(topics|sync)/|(^|/)node_modules/zod/" },
  },
  {
    name: "providers-know-ports-and-core",
    comment:
      "an adapter sees its port, the core's types, series, stays, the errors, its own folder and what stands beside the folders; never a sibling",
    severity: "error",
    from: { path: "^shared/providers/([^/]+)/" },
    to: {
      path: "^(shared|functions|scripts|test)/",
      pathNot:
        "^shared/(ports|series|stays|sync)/|^shared/errors\\.ts$|^shared/providers/($1/|(?!registry)[^/]+\\.ts$)",
    },
  },
  {
    name: "flows-know-ports-and-core",
    comment:
      "a flow works on ports; what stands behind them is wired outside. The push token and the edge's address are shared with it",
    severity: "error",
    from: { path: "^shared/flows/" },
    to: {
      path: "^(shared|functions|scripts|test)/",
      pathNot:
        "^shared/(flows|mail|ports|series|sync|topics)/|^shared/(config|errors)\\.ts$|^shared/edge/(edge-address|push-token|key-list)\\.ts$",
    },
  },
  {
    name: "backings-are-apart",
    comment: "cloud and embedded stand behind the same ports and never know each other",
    severity: "error",
    from: { path: "^shared/(cloud|embedded)/" },
    to: { path: "^shared/(cloud|embedded)/", pathNot: "^shared/$1/" },
  },
  {
    name: "cloud-sdks-in-cloud-only",
    comment:
      "only shared/cloud imports Google Cloud SDKs; the functions framework is the frame every function stands in",
    severity: "error",
    from: { path: "^(functions|shared|scripts)/", pathNot: "^shared/cloud/" },
    to: { path: "(^|/)node_modules/@google-cloud/", pathNot: "/@google-cloud/functions-framework/" },
  },
  {
    name: "googleapis-in-its-provider-only",
    comment: "only the providers that speak to Google's APIs import googleapis",
    severity: "error",
    from: { path: "^(functions|shared|scripts)/", pathNot: "^shared/providers/(google-calendar|gmail)/" },
    to: { path: "(^|/)node_modules/googleapis/" },
  },
  {
    name: "pg-in-its-provider-only",
    comment: "only the portico provider imports PostgreSQL's client",
    severity: "error",
    from: { path: "^(functions|shared|scripts)/", pathNot: "^shared/providers/portico/" },
    to: { path: "(^|/)node_modules/(pg|@types/pg)/" },
  },
  {
    name: "shared-knows-no-shell",
    comment: "shared/ is used by functions, scripts and tests, never the other way round",
    severity: "error",
    from: { path: "^shared/" },
    to: { path: "^(functions|scripts|test)/" },
  },
  {
    name: "functions-stand-alone",
    comment: "each function is deployed alone: no other function, script or test in it",
    severity: "error",
    from: { path: "^functions/([^/]+)/" },
    to: { path: "^(functions|scripts|test)/", pathNot: "^functions/$1/" },
  },
  {
    name: "sandbox-shares-no-mistake",
    comment: "a simulation built from the adapter it tests shows nothing (DESIGN §6)",
    severity: "error",
    from: { path: "^scripts/sandbox/" },
    to: { path: "^shared/(providers|series|stays|flows|cloud|embedded)/|^functions/" },
  },
  {
    name: "no-tests-in-the-product",
    comment: "scripts do not depend on tests",
    severity: "error",
    from: { path: "^scripts/" },
    to: { path: "^test/" },
  },
  {
    name: "no-development-packages-deployed",
    comment: "what is deployed imports nothing from devDependencies; the dashboard is built into plain files before",
    severity: "error",
    from: { path: "^(functions|shared)/", pathNot: "^functions/api/dashboard/" },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
  },
  {
    name: "no-cycles",
    comment: "what imports each other in a circle cannot be understood one at a time",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-unknown-imports",
    comment: "what cannot be resolved cannot run",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
];
