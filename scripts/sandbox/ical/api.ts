import type { SimulatedApi } from "../simulated-api.ts";
import { answerFeed, icalOperation, text } from "./hosts.ts";
import { showHosts } from "./show-state.ts";
import { HOST_ACTIONS } from "./staff.ts";

/** The calendars that Airbnb, Vrbo, Booking.com and channel managers publish, each as it writes them. */
export const ICAL: SimulatedApi = {
  name: "ical",
  title: "iCal hosts",
  answer: answerFeed,
  operation: icalOperation,
  errorReply: ({ status, headers }) => text(status, "This calendar cannot be had now.", headers),
  rateLimited: () => text(429, "Too many requests.", { "retry-after": "1" }),
  actions: HOST_ACTIONS,
  showState: showHosts,
  notices: { settles: () => true },
};
