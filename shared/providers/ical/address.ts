import ipaddr from "ipaddr.js";
import { LockstepError } from "../../errors.ts";

/** Names that stand for this machine or its own network, whatever they resolve to. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain)$/i;

/**
 * The address of a feed out of its secret, or of a redirection. `webcal:` and `http:` mean https here: the address is a
 * secret, and does not travel in the clear. Throws CONFIG_INVALID, which names the feed and never the address.
 */
export function feedAddress(feed: string, text: string, base?: URL): URL {
  const written = text.trim().replace(/^(?:webcals?|http):/i, "https:");
  const url = URL.parse(written, base?.href);
  if (url === null || url.protocol !== "https:") throw unusable(feed, "it is no https or webcal address");
  if (url.username !== "" || url.password !== "") throw unusable(feed, "it holds a user name or password");
  if (url.port !== "" && url.port !== "443") throw unusable(feed, "it names a port of its own");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) ? !isPublic(host) : LOCAL_NAME.test(host) || !host.includes(".")) {
    throw unusable(feed, "it lies in a private network");
  }
  return url;
}

export function unusable(feed: string, why: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", { detail: `The address of feed ${feed} cannot be used: ${why}.` });
}

/**
 * Whether an IP address lies in the public network. Private, loopback, link-local (the cloud's metadata among them), shared
 * (CGNAT), multicast, reserved and documentation addresses do not; what only wraps an IPv4 address is judged by that.
 */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") return parsed.range() === "unicast";
  // Proof: kind() says so.
  const v6 = parsed as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address().range() === "unicast";
  return v6.range() === "unicast";
}
