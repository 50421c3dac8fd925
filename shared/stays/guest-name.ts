import { plain, tidy } from "./plain-words.ts";
import { platformIn } from "./platform.ts";
import { BLOCKED, NO_NAME, RESERVED, TAKEN } from "./words.ts";

const LETTERS = /^[\p{L}\p{M}'’.,&()\- ]+$/u;
const MOST_WORDS = 7;
const MOST_CHARACTERS = 80;
const NOT_A_NAME = new RegExp(`^${`(?:${NO_NAME}|${RESERVED}|${TAKEN}|${BLOCKED})`}$`);

/**
 * The name where a text is one of a person; undefined for placeholders, masks (`J***`), platforms, codes and sentences.
 * Nothing is mended: what is not plainly a name is none (law 11).
 */
export function humanName(text: string): string | undefined {
  const name = tidy(text).replace(/\s*\((?:guest|gast|\d+ ?(?:guests?|pax))\)$/i, "");
  const words = name.split(" ");
  const isLikeOne = LETTERS.test(name) && name.length <= MOST_CHARACTERS && words.length <= MOST_WORDS;
  if (!isLikeOne || !/\p{L}{2}/u.test(name)) return undefined;
  if (NOT_A_NAME.test(plain(name)) || platformIn(name) !== undefined) return undefined;
  return name;
}
