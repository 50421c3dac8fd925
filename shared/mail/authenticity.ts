import { fold } from "./fold.ts";
import type { Authenticity } from "./reading.ts";
import { brandIn, domainOf, imitatedBy, isFreeMail, platformOfAddress } from "./vocabulary/senders.ts";

/** Who a mail says it is from. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

export interface Vouched {
  readonly authenticity: Authenticity;
  readonly reason: string;
}

/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ а: "a", в: "b", е: "e", к: "k", м: "m", н: "h", о: "o", р: "p", с: "c", т: "t", у: "y", х: "x", і: "i", ѕ: "s" },
  ...{ α: "a", ο: "o", ν: "v", ρ: "p", ι: "i", τ: "t" },
};

/**
 * Whether the sender is who the mail says. An address made to look like a platform's fails whatever the server says; else
 * the topmost `Authentication-Results` decides, the one our own server wrote (RFC 8601 §5). A platform's name with an
 * address of somebody else's is `borrowed`: what relays and co-hosts pass on under that name is read, and a person looks.
 */
export function vouchFor(sender: Sender, results: readonly string[]): Vouched {
  if (isImitation(sender)) {
    return { authenticity: "fail", reason: "The sender's address or name is made to look like a platform's." };
  }
  const verdict = serverVerdict(fold(results[0] ?? ""), domainOf(sender.address));
  if (verdict === "fail")
    return { authenticity: "fail", reason: "The receiving server refused the sender (DMARC or DKIM failed)." };
  if (isBorrowed(sender)) {
    return {
      authenticity: "borrowed",
      reason: "The sender uses a platform's name with an address that is not the platform's.",
    };
  }
  if (verdict === "pass") return { authenticity: "pass", reason: "The receiving server vouches for the sender." };
  return { authenticity: "unknown", reason: "Nothing vouches for the sender." };
}

function isImitation({ name, address }: Sender): boolean {
  if (imitatedBy(address) !== null) return true;
  const isDisguised = domainOf(address).includes("xn--") || latin(name) !== fold(name) || isFreeMail(address);
  return isDisguised && platformOfAddress(address) === null && brandIn(latin(name)) !== null && !isRelayed(name);
}

function isBorrowed({ name, address }: Sender): boolean {
  const brand = brandIn(latin(name));
  return brand !== null && platformOfAddress(address) === null && address !== "" && !isRelayed(name);
}

/** `Jane via Booking.com` is how mailing lists and relays write a sender. */
function isRelayed(name: string): boolean {
  return /\bvia\b/.test(fold(name));
}

/** A name with its lookalike letters made the Latin ones they stand for, folded. */
export function latin(name: string): string {
  return [...fold(name)].map((letter) => LOOKALIKES[letter] ?? letter).join("");
}

function serverVerdict(header: string, domain: string): Authenticity {
  // Comments may quote what somebody else's server said.
  const result = header.replaceAll(/\([^)]*\)/g, " ");
  const dmarc = /\bdmarc\s*=\s*(\w+)/.exec(result)?.[1];
  if (dmarc === "pass") return "pass";
  // A list or an automatic forward breaks DMARC; where it says that it saw it pass (ARC), nothing is shown either way.
  if (dmarc === "fail") return /\barc\s*=\s*pass\b/.test(result) ? "unknown" : "fail";
  const dkim = [...result.matchAll(/\bdkim\s*=\s*(\w+)([^;]*)/g)];
  if (dkim.some(([, verdict, rest]) => verdict === "pass" && isAligned(rest ?? "", domain))) return "pass";
  if (dkim.length > 0 && dkim.every(([, verdict]) => verdict === "fail")) return "fail";
  return "unknown";
}

/** The signature is of the sender's own domain. */
function isAligned(rest: string, domain: string): boolean {
  const signer = /header\.[di]\s*=\s*@?([a-z0-9.-]+)/.exec(rest)?.[1] ?? "";
  return signer !== "" && (domain === signer || domain.endsWith(`.${signer}`) || signer.endsWith(`.${domain}`));
}
