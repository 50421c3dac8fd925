import { plainSpaces } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Fact, Money } from "./reading.ts";

const SIGNS: Readonly<Record<string, string | null>> = {
  ...{ "€": "EUR", "£": "GBP", US$: "USD", CA$: "CAD", C$: "CAD", A$: "AUD", AU$: "AUD", NZ$: "NZD" },
  // Dollars and crowns are several countries' money.
  ...{ $: null, kr: null, R$: "BRL", "₹": "INR", "¥": null, zł: "PLN" },
};
const SIGN = "(?:US\\$|CA\\$|C\\$|AU\\$|A\\$|NZ\\$|R\\$|[€£$₹¥]|zł|kr\\b)";
const CODE = "(?:EUR|USD|GBP|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|BRL|MXN|ZAR|JPY|INR|AED|THB)";
const AMOUNT = "\\d{1,3}(?:[.,' ]\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d{1,2})?";
const BEFORE = new RegExp(`(?:(${SIGN})|(${CODE}))\\s*(${AMOUNT})(?:\\s*(${CODE}))?`);
const BEHIND = new RegExp(`(${AMOUNT})\\s*(?:(${SIGN})|(${CODE}))`);

/** What the guest pays in all, or what the host gets, where a label says so. */
export function labelledMoney(labelled: readonly Labelled[], field: "total" | "payout"): Fact<Money> | null {
  for (const each of labelled) {
    if (each.field !== field) continue;
    const value = moneyIn(`${each.value} ${/\(([A-Z]{3})\)/.exec(each.line)?.[1] ?? ""}`);
    if (value !== null) return { value, line: each.line, confidence: 0.9 };
  }
  return null;
}

/** The first amount with a sign or a code of money; null where none stands there. */
export function moneyIn(text: string): Money | null {
  const plain = plainSpaces(text);
  const before = BEFORE.exec(plain);
  if (before !== null) return money(before[3], before[1], before[2] ?? before[4]);
  const behind = BEHIND.exec(plain);
  return behind === null ? null : money(behind[1], behind[2], behind[3]);
}

function money(amount: string | undefined, sign: string | undefined, code: string | undefined): Money {
  return { amount: numberOf(amount ?? ""), currency: code ?? SIGNS[sign ?? ""] ?? null };
}

/** `1.234,56`, `1,234.56` and `1 234,56` alike: the last sign before one or two digits parts the cents. */
function numberOf(text: string): number {
  const [, whole = text, cents = ""] = /^(.*)[.,](\d{1,2})$/.exec(text) ?? [];
  return Number(`${whole.replaceAll(/\D/g, "")}.${cents || "0"}`);
}
