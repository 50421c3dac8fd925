/**
 * Zero-width characters, soft hyphens, joiners and direction marks: nobody sees them, templates are full of them.
 * A NUL is none of anybody's text either.
 */
const INVISIBLE =
  /\0|\u00ad|\u034f|\u061c|[\u180b-\u180e]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/g;
/** No-break, thin, narrow and ideographic spaces, as booking mails put them into dates and names. */
const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v\f]/g;

/** One line with plain spaces, runs of them made one. */
export function tidy(text: string): string {
  return plainSpaces(text).replaceAll(/\s+/g, " ").trim();
}

/** The same text with ordinary spaces and nothing invisible; the number of spaces stays. */
export function plainSpaces(text: string): string {
  return text.replaceAll(INVISIBLE, "").replaceAll(ODD_SPACES, " ");
}

/** For comparing words: lower case, no accents, plain apostrophes and dashes. */
export function fold(text: string): string {
  return tidy(text)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[‐-―−]/g, "-");
}
