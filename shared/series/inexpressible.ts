/** Why Outlook cannot hold a series as it is. */
export const INEXPRESSIBLE = {
  "no-rule": "It is a list of dates without a rule.",
  "several-rules": "It follows more than one rule.",
  "excluding-rule": "A second rule takes occurrences away.",
  "extra-dates": "It has dates beside its rule.",
  "several-times-a-day": "It repeats within a day, or at other times than its first.",
  "limited-days": "It repeats by days or weeks, but only on some of them.",
  "several-month-days": "It repeats on several days of the month.",
  "counted-from-the-end": "It repeats on a day counted from the end of the month.",
  "short-months": "It repeats on a day that some months lack, and Outlook treats those months in another way.",
  "last-day-of-month": "It repeats on the last day of the month, which Outlook has no word for.",
  "several-months": "It repeats in several months of the year.",
  "several-weekdays": "It repeats on several days of the week in a month, or on all Mondays of some months.",
  "fifth-weekday": "It repeats on a day of the week that Outlook cannot count to.",
  "weekday-and-month-day": "It repeats where a day of the week meets a day of the month.",
  "nth-in-year": "It repeats on days of the week, numbered or all of them, within a year.",
  "week-or-day-of-year": "It repeats by the number of the week, or of the day, in the year.",
  "set-position": "It picks places out of a set of days.",
  "crosses-neighbour": "An occurrence was moved onto or past the day of its neighbour.",
  "too-long": "It is too long to find its last day.",
  "never-occurs": "Its rule gives no occurrence.",
} as const satisfies Record<string, string>;

export type Inexpressible = keyof typeof INEXPRESSIBLE;
