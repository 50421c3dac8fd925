import type { SimulatedApi } from "../simulated-api.ts";
import { errorReply } from "./answers.ts";
import { countCall } from "./meter.ts";
import { answerOsm, osmOperation } from "./osm.ts";
import { signTouch } from "./relay.ts";
import { showOsm } from "./show-state.ts";
import { WARDEN_ACTIONS } from "./staff.ts";
import { forgetToken } from "./token.ts";

/** Online Scout Manager: the campsite's bookings, read-only. */
export const OSM: SimulatedApi = {
  name: "osm",
  title: "Online Scout Manager",
  answer: answerOsm,
  operation: osmOperation,
  prepare(call) {
    countCall(call);
    if (call.faults.has("expire-token")) forgetToken(call);
  },
  errorReply: ({ status, headers }) => errorReply(status, `Error ${status}.`, headers),
  rateLimited: () => errorReply(429, "Too many requests.", { "retry-after": "1" }),
  actions: WARDEN_ACTIONS,
  showState: showOsm,
  notices: { seal: signTouch, settles: (status) => status >= 200 && status < 300 },
};
