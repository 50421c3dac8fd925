import { type Match, matchStay } from "../../mail/match.ts";
import type { MailReading } from "../../mail/reading.ts";
import { type Instant, later } from "../../sync/time.ts";
import type { MailQuestion } from "../mail-question.ts";
import type { WorkspaceConfig, World } from "../world.ts";
import type { ConnectionDoc } from "./connection.ts";
import { scopeOf, staysFor } from "./known-stays.ts";
import { ignoredBy, type MailRuleDoc, scopeByRule } from "./mail-rules.ts";

/** Where mails of one connection are worked on. */
export interface Office {
  readonly world: World;
  readonly ws: string;
  readonly workspace: WorkspaceConfig;
  readonly connection: ConnectionDoc;
  readonly rules: readonly MailRuleDoc[];
}

/** It is about one stay. */
interface About {
  readonly match: Extract<Match, { kind: "match" }>;
  readonly why: string;
}

/** What a mail asks for, by what is known now. */
export type Weighed =
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "ignored"; readonly why: string }
  | (About & { readonly kind: "enrich" })
  | (About & { readonly kind: "call-off" })
  | (About & { readonly kind: "altered" })
  | {
      readonly kind: "ask";
      readonly question: MailQuestion;
      readonly candidates: readonly string[];
      readonly why: string;
    };

/** A mail without dates is about a stay to come for this long. */
const UNDATED_MS = 60 * 86_400_000;

/**
 * Reads what is known, writes nothing. Only confirmations add, only cancellations call off, alterations are shown where
 * the source does not say the same; everything else asks for nothing (S50).
 */
export async function weigh(office: Office, reading: MailReading): Promise<Weighed> {
  const asks = asksFor(reading);
  if (asks === undefined) return nothing(`A mail of this kind (${reading.kind}) asks for nothing.`);
  if (reading.authenticity === "fail") return nothing("The receiving server does not vouch for its sender.");
  if (isOver(reading, office.world.clock.now())) return nothing("Its stay is over.");
  const rule = ignoredBy(office.rules, office.connection.id, reading);
  if (rule !== undefined) return { kind: "ignored", why: `Rule ${rule.id}.` };
  const match = await findStay(office, reading);
  if (match.kind === "match") {
    const about = `about the stay ${match.key} (${match.reason})`;
    return { kind: asks, match, why: `${WORDS[asks]}, ${about}.` };
  }
  if (match.kind === "review") {
    return { kind: "ask", question: "mail-ambiguous", candidates: match.candidates, why: match.reason };
  }
  if (asks !== "enrich") return nothing(`It is about no stay that is known: ${match.reason}`);
  return { kind: "ask", question: "mail-unmatched", candidates: [], why: match.reason };
}

const WORDS = { enrich: "A confirmation", "call-off": "A cancellation", altered: "An alteration" } as const;

function asksFor({ kind, action }: MailReading): "enrich" | "call-off" | "altered" | undefined {
  if (action === "create" || action === "create-partial") return "enrich";
  if (action === "cancel") return "call-off";
  return kind === "alteration" ? "altered" : undefined;
}

/** By its last day, as far as it states one; a rolling feed has forgotten such stays (S09). */
function isOver({ facts, receivedAt }: MailReading, now: Instant): boolean {
  const last = facts.checkOut?.value ?? facts.checkIn?.value;
  if (last !== undefined) return last < later(now, -86_400_000).slice(0, 10);
  return receivedAt !== null && receivedAt < later(now, -UNDATED_MS);
}

async function findStay({ world, ws, workspace, connection, rules }: Office, reading: MailReading): Promise<Match> {
  const stays = await staysFor(world.store(ws), workspace, reading);
  const scope = { ...scopeByRule(rules, connection.id, reading, workspace), ...scopeOf(workspace, connection) };
  return matchStay(reading, stays, scope);
}

function nothing(why: string): Weighed {
  return { kind: "nothing", why };
}
