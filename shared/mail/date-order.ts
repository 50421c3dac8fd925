import { fold } from "./fold.ts";
import type { Language } from "./language.ts";

/** Which number of `07/05/2027` is the day. */
export type DateOrder = "day-first" | "month-first";

const SLASHED = /(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?![\d/])/g;
const BRITISH = /£|\bgbp\b|\.co\.uk\b|\ben-(?:gb|au|nz|ie|za|in)\b/;
const AMERICAN = /\busd\b|us\$|\ben-us\b/;

/**
 * The order all dates of one mail are written in: what another date in it shows (no month is the 15th), else its
 * language, else for English the country its money or locale tells; null where nothing does.
 */
export function dateOrder(
  texts: readonly string[],
  language: Language | null,
  locale: string | null,
): DateOrder | null {
  const text = texts.join("\n");
  const shown = shownOrders(text);
  if (shown.size === 1) return [...shown][0] ?? null;
  if (shown.size > 1) return null;
  if (language !== null && language !== "en") return "day-first";
  if (language === null) return null;
  const hints = fold(`${text} ${locale ?? ""}`);
  const isBritish = BRITISH.test(hints);
  const isAmerican = AMERICAN.test(hints);
  if (isBritish === isAmerican) return null;
  return isBritish ? "day-first" : "month-first";
}

function shownOrders(text: string): Set<DateOrder> {
  const orders = new Set<DateOrder>();
  for (const [, first, second] of text.matchAll(SLASHED)) {
    if (Number(first) > 12 && Number(second) <= 12) orders.add("day-first");
    if (Number(second) > 12 && Number(first) <= 12) orders.add("month-first");
  }
  return orders;
}
