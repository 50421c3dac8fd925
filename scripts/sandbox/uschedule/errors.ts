import { json, Refusal } from "../wire.ts";

/** An error body in the manner of the product; the real shape is unknown (API_FACTS §9). */
export function refuse(status: number, message: string): never {
  throw new Refusal(json(status, { Message: message }));
}

export function unauthorized(): never {
  refuse(401, "Authorization has been denied for this request.");
}
