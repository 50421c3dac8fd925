import { LockstepError } from "../../errors.ts";
import type { WebhookReader } from "../../ports/provider.ts";
import { Notice } from "./schema.ts";

/** Which reservation to read, and the version it has at least; no content travels (R1). */
export const webhook: WebhookReader = {
  read(body) {
    const notice = Notice.safeParse(body);
    if (notice.success) return { bookingId: notice.data.data.id, version: notice.data.data.version };
    const at = notice.error.issues[0]?.path.join(".") ?? "";
    const detail = `Booking webhook: ${at === "" ? "the body" : `\`${at}\``} is not as the contract has it.`;
    throw new LockstepError("INVALID_REQUEST", { detail });
  },
};
