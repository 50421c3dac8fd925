import { LockstepError } from "../../shared/errors.ts";

/** Signs the webhooks of the simulated booking source. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret of the simulation, long enough").toString("base64")}`;

/** Secrets by name. Throws SECRET_MISSING like the real ones. */
export function SECRETS(name: string): string {
  if (name.startsWith("webhook-")) return WEBHOOK_SECRET;
  if (name === "push-token-key") return "push-key";
  throw new LockstepError("SECRET_MISSING", { detail: `The simulation has no secret ${name}.` });
}
