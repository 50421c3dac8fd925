import type { SandboxRequest } from "../wire.ts";
import { zoneNamed } from "./zones.ts";

/** What a client prefers, by its `Prefer` headers. */
export interface Prefer {
  /** IANA; UTC where nothing was said. */
  readonly zone: string;
  /** As it was named, and so it is answered. */
  readonly zoneName: string;
  readonly bodyAs: "html" | "text";
  readonly immutable: boolean;
  readonly maxPageSize?: number;
}

/** Reads the `Prefer` headers. Refuses a time zone that does not exist; what is unknown is ignored. */
export function readPrefer({ headers }: Pick<SandboxRequest, "headers">): Prefer {
  const said = preferences(headers.prefer ?? "");
  const zoneName = said.get("outlook.timezone") ?? "UTC";
  const size = Number(said.get("odata.maxpagesize"));
  return {
    zone: zoneNamed(zoneName),
    zoneName,
    bodyAs: said.get("outlook.body-content-type") === "text" ? "text" : "html",
    immutable: said.get("idtype") === "ImmutableId",
    ...(Number.isInteger(size) && size > 0 ? { maxPageSize: size } : {}),
  };
}

/** What was honoured, as the answer's header says it. */
export function applied({ headers }: Pick<SandboxRequest, "headers">): Record<string, string> {
  const said = preferences(headers.prefer ?? "");
  const honoured = ["outlook.timezone", "outlook.body-content-type", "idtype", "odata.maxpagesize"]
    .filter((name) => said.has(name))
    .map((name) => `${name === "idtype" ? "IdType" : name}="${said.get(name)}"`);
  return honoured.length === 0 ? {} : { "preference-applied": honoured.join(", ") };
}

function preferences(text: string): Map<string, string> {
  const parts = text.matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^\s,;"]+))/g);
  return new Map([...parts].map(([, name = "", quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ""]));
}
