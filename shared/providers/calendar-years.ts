const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** The text of an instant or date, unchanged. Throws a RangeError that says of an event what cannot be read. */
export function checkYear(text: string, which: string): string {
  const year = Number(text.slice(0, 4));
  if (!/^\d{4}-/.test(text) || year < FIRST_YEAR || year > LAST_YEAR) {
    throw new RangeError(`its ${which} lies outside ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  return text;
}
