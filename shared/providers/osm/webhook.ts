import { LockstepError } from "../../errors.ts";
import type { WebhookReader } from "../../ports/provider.ts";
import { Touch } from "./schema.ts";

/** OSM sends none: a relay or the mail extension tells which booking to look at. No content travels (R1). */
export const webhook: WebhookReader = {
  read(body) {
    const touch = Touch.safeParse(body);
    if (touch.success) return { bookingId: touch.data.bookingId };
    throw new LockstepError("INVALID_REQUEST", {
      detail: "OSM webhook: `bookingId` is missing or no booking's number.",
    });
  },
};
