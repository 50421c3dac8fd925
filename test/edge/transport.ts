import { timedFetch } from "../../shared/edge/timed-fetch.ts";

/** As `wire.ts` gives it to providers; bundled, node-fetch stands behind it. */
export const transport = timedFetch((input, init) => fetch(input, init));
