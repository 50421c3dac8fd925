import { refused } from "./failures.ts";

/** Longest texts of an event's columns; what people write on a calendar may be longer. */
const LONGEST: Readonly<Record<string, number>> = { title: 255, customer: 150, notes: 20_000, email: 50 };

/**
 * Texts as an event's columns take them: cut, and an address that would be cut left out, since it would be somebody
 * else's. Throws PROVIDER_REFUSED for what has no column.
 */
export function fitWords(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const fitting = Object.entries(fields).flatMap(([name, text]) => {
    const longest = LONGEST[name];
    if (longest === undefined) throw refused(`the field ${name} cannot be written`);
    const clean = text.replaceAll("\u0000", "").toWellFormed();
    const cut = [...clean].slice(0, longest).join("");
    return name === "email" && cut !== clean ? [] : [[name, cut]];
  });
  return Object.fromEntries(fitting);
}
