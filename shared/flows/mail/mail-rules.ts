import { fold } from "../../mail/fold.ts";
import type { MatchScope } from "../../mail/match.ts";
import type { MailKind, MailReading, Platform } from "../../mail/reading.ts";
import type { DocumentRef, DocumentStore } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { documentId } from "../document-id.ts";
import type { WorkspaceConfig } from "../world.ts";

/**
 * Collection `mailRules`: what a person decided once and for all.
 *
 * - `ignore`: such mails of this connection are asked about no more.
 * - `property`: what mails of this connection call so is that resource.
 */
export type MailRuleDoc = {
  readonly id: string;
  readonly connection: string;
  readonly madeBy: string;
  readonly madeAt: Instant;
} & (
  | { readonly does: "ignore"; readonly mailKind: MailKind; readonly platform: Platform | null }
  | { readonly does: "property"; readonly named: string; readonly resource: string }
);

const MAX_RULES = 500;

export function ruleRef(id: string): DocumentRef {
  return { collection: "mailRules", id: documentId(id) };
}

/** The same decision made twice is one rule. */
export function ignoreRule(
  connection: string,
  { kind, platform }: MailReading,
  by: { readonly actor: string; readonly now: Instant },
): MailRuleDoc {
  const id = `ignore~${connection}~${kind}~${platform ?? "any"}`;
  return { id, connection, madeBy: by.actor, madeAt: by.now, does: "ignore", mailKind: kind, platform };
}

/** Undefined where the mail names no property. */
export function propertyRule(
  connection: string,
  { facts }: MailReading,
  resource: string,
  by: { readonly actor: string; readonly now: Instant },
): MailRuleDoc | undefined {
  if (facts.property === null) return undefined;
  const named = fold(facts.property.value);
  const id = `property~${connection}~${named}`;
  return { id, connection, madeBy: by.actor, madeAt: by.now, does: "property", named, resource };
}

export async function rulesOf(store: DocumentStore): Promise<MailRuleDoc[]> {
  const rows = await store.query<MailRuleDoc>({ collection: "mailRules", limit: MAX_RULES });
  return rows.map(({ data }) => data);
}

/** The rule by which a mail is asked about no more. */
export function ignoredBy(
  rules: readonly MailRuleDoc[],
  connection: string,
  { kind, platform }: MailReading,
): MailRuleDoc | undefined {
  return rules.find(
    (rule) =>
      rule.does === "ignore" && rule.connection === connection && rule.mailKind === kind && rule.platform === platform,
  );
}

/** Where a person said which resource the mail's property is. */
export function scopeByRule(
  rules: readonly MailRuleDoc[],
  connection: string,
  { facts }: MailReading,
  { resources }: WorkspaceConfig,
): MatchScope {
  const named = facts.property === null ? "" : fold(facts.property.value);
  const rule = rules.find((each) => each.does === "property" && each.connection === connection && each.named === named);
  const property = rule?.does === "property" ? resources[rule.resource]?.sourceName : undefined;
  return property === undefined ? {} : { property };
}
