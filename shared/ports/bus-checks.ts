import { LockstepError } from "../errors.ts";
import type { OutgoingMessage } from "./bus.ts";

/** Pub/Sub's limits (its quota page), and ours of 1 MB per message; every backing refuses the same. */
const MAX_DATA_BYTES = 1_000_000;
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_KEY_BYTES = 256;
const MAX_ATTRIBUTE_VALUE_BYTES = 1024;
const MAX_ORDERING_KEY_BYTES = 1024;
const MAX_MESSAGES = 1000;

/** Throws PAYLOAD_TOO_LARGE for data over 1 MB and INVALID_REQUEST for anything else no bus takes. */
export function checkMessages(messages: readonly OutgoingMessage[]): void {
  if (messages.length > MAX_MESSAGES) refuse(`${messages.length} messages at once`);
  messages.forEach(checkMessage);
}

function checkMessage({ data, attributes, orderingKey }: OutgoingMessage): void {
  const size = Buffer.byteLength(data);
  if (size > MAX_DATA_BYTES) {
    throw new LockstepError("PAYLOAD_TOO_LARGE", { detail: `A message of ${size} bytes; the bus takes 1 MB.` });
  }
  const pairs = Object.entries(attributes);
  if (data === "" && pairs.length === 0) refuse("an empty message");
  if (pairs.length > MAX_ATTRIBUTES) refuse(`${pairs.length} attributes`);
  for (const [key, value] of pairs) {
    if (key === "" || key.startsWith("goog") || Buffer.byteLength(key) > MAX_ATTRIBUTE_KEY_BYTES) {
      refuse(`attribute name ${JSON.stringify(key.slice(0, 80))}`);
    }
    if (Buffer.byteLength(value) > MAX_ATTRIBUTE_VALUE_BYTES) refuse(`so long a value of attribute ${key}`);
  }
  if (orderingKey !== undefined && Buffer.byteLength(orderingKey) > MAX_ORDERING_KEY_BYTES) refuse("so long a key");
}

function refuse(what: string): never {
  throw new LockstepError("INVALID_REQUEST", { detail: `The message bus does not take ${what}.` });
}
