import type { SimulatedApi } from "../simulated-api.ts";
import { answerBooking, bookingOperation } from "./booking-system.ts";
import { signNotice } from "./books.ts";
import { problem } from "./problems.ts";
import { showBooking } from "./show-state.ts";
import { DESK_ACTIONS } from "./staff.ts";

/** A municipal booking system that implements `shared/providers/booking-api/openapi.yaml`. */
export const BOOKING: SimulatedApi = {
  name: "booking",
  title: "Booking system",
  answer: answerBooking,
  operation: bookingOperation,
  errorReply: ({ status, reason, headers }) => problem(status, reason, {}, headers),
  rateLimited: () => problem(429, "RATE_LIMITED", {}, { "retry-after": "1" }),
  actions: DESK_ACTIONS,
  showState: showBooking,
  notices: { seal: signNotice, settles: (status) => status >= 200 && status < 300 },
};
