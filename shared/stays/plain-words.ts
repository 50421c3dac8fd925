const SPACES = /[\s\p{Cc}\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+/gu;
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Text as people read it: single spaces, none at the ends. Odd spaces and control characters are spaces. */
export function tidy(text: string): string {
  return text.replace(SPACES, " ").trim();
}

/** The same by lines: what a DESCRIPTION holds, without empty ones. */
export function tidyLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n|\\n|<br\s*\/?>/i)
    .map(tidy)
    .filter((line) => line !== "");
}

/** Text to compare words with: small letters, no accents, every dash a hyphen. */
export function plain(text: string): string {
  const tidied = tidy(text);
  // Most text is: nothing in it has another form.
  if (/^[\x20-\x7e]*$/.test(tidied)) return tidied.toLowerCase();
  return tidied
    .replace(DASHES, "-")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("ł", "l")
    .toLowerCase();
}
