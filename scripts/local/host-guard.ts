import type { IncomingHttpHeaders } from "node:http";
import { LockstepError } from "../../shared/errors.ts";

const OUR_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Throws FOREIGN_CALLER for a request that a web page somewhere else made in our user's browser: under a name
 * that points here but is not ours (DNS rebinding), or from another origin (CSRF). Programs on this
 * machine, which send no Origin, pass: binding to 127.0.0.1 is what keeps other machines out.
 */
export function checkCaller(headers: IncomingHttpHeaders, port: number): void {
  const hosts = hostsOf(port);
  if (!hosts.includes((headers.host ?? "").toLowerCase())) {
    throw refused(`the Host header must be ${hosts.join(" or ")}`);
  }
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`)) {
    throw refused("the Origin header names another site");
  }
  if (comesFromAnotherSite(headers)) {
    throw refused("another site asked for it");
  }
}

/** Browsers leave Origin out of simple GETs, but say where those come from. Following a link is fine. */
function comesFromAnotherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  return (site === "cross-site" || site === "same-site") && headers["sec-fetch-mode"] !== "navigate";
}

function hostsOf(port: number): string[] {
  const named = OUR_NAMES.map((name) => `${name}:${port}`);
  return port === 80 ? [...named, ...OUR_NAMES] : named;
}

function refused(reason: string): LockstepError {
  return new LockstepError("FOREIGN_CALLER", { detail: `Refused for this machine's safety: ${reason}.` });
}
