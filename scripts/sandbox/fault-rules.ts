import { z } from "zod";
import type { Dice } from "./dice.ts";
import { type Fault, parseFaults } from "./fault-kinds.ts";
import type { Shelf } from "./shelf.ts";
import type { SandboxRequest } from "./wire.ts";

const FaultText = z.string().refine(isFaultText, "names a fault that does not exist; see GET /sandbox/faults");

/** A standing order to fail: which calls, how often, how. */
export const FaultRule = z.strictObject({
  /** Name of a simulated API; without one, all of them. */
  api: z.string().optional(),
  method: z.string().toUpperCase().optional(),
  /** Part of the path; a regular expression where it starts with `^`. */
  path: z.string().optional(),
  /** Part of what is sent, to hit one booking or event. */
  body: z.string().optional(),
  /** One of them is drawn each time. */
  kinds: z.array(FaultText).min(1),
  /** Matching calls let through first. */
  skip: z.number().int().min(0).default(0),
  /** How many calls it hits; null: all of them. */
  times: z.number().int().min(1).nullable().default(null),
  /** Chance to hit a matching call, 0 to 1; drawn from the seed. */
  probability: z.number().min(0).max(1).default(1),
});
export type FaultRule = z.infer<typeof FaultRule>;

/** The faults of one call: its `x-sandbox-fault` header first, then what the rules add. */
export function takeFaults(rules: Shelf<FaultRule>, dice: Dice, request: SandboxRequest): Fault[] {
  const faults = parseFaults(request.headers["x-sandbox-fault"] ?? "");
  for (const id of rules.ids("rules")) {
    const rule = rules.get("rules", id);
    if (rule !== undefined && matches(rule, request)) faults.push(...draw(rules, dice, id, rule));
  }
  return faults;
}

function matches(rule: FaultRule, request: SandboxRequest): boolean {
  if (rule.api !== undefined && !request.path.startsWith(`/${rule.api}/`)) return false;
  if (rule.method !== undefined && rule.method !== request.method) return false;
  if (rule.body !== undefined && !request.body.includes(rule.body)) return false;
  if (rule.path === undefined) return true;
  return rule.path.startsWith("^") ? new RegExp(rule.path).test(request.path) : request.path.includes(rule.path);
}

function draw(rules: Shelf<FaultRule>, dice: Dice, id: string, rule: FaultRule): Fault[] {
  if (rule.skip > 0) {
    rules.put("rules", id, { ...rule, skip: rule.skip - 1 });
    return [];
  }
  if (rule.probability < 1 && dice.roll() >= rule.probability) return [];
  spend(rules, id, rule);
  const index = rule.kinds.length === 1 ? 0 : Math.floor(dice.roll() * rule.kinds.length);
  return parseFaults(rule.kinds[index] ?? "");
}

function spend(rules: Shelf<FaultRule>, id: string, rule: FaultRule): void {
  if (rule.times === null) return;
  if (rule.times <= 1) rules.remove("rules", id);
  else rules.put("rules", id, { ...rule, times: rule.times - 1 });
}

function isFaultText(text: string): boolean {
  try {
    return parseFaults(text).length > 0;
  } catch {
    return false;
  }
}
