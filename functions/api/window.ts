import { z } from "zod";

const At = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

/** `?from=&to=`: two instants in their order, at most `maxMs` apart where that is said. */
export function window(maxMs = Number.POSITIVE_INFINITY) {
  return z
    .object({ from: At, to: At })
    .refine(({ from, to }) => from < to, { path: ["to"], message: "must lie after from" })
    .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= maxMs, {
      path: ["to"],
      message: `must lie at most ${maxMs / 3_600_000} hours after from`,
    });
}
