/** How long an intent may stand before the sweep looks after it, in milliseconds (R2). */
export const INTENT_MS = 120_000;
