import type { z } from "zod";
import { isError } from "../errors.ts";
import { keepDeadLetter } from "../flows/keep-dead-letter.ts";
import type { World } from "../flows/world.ts";
import { NO_CONTENT } from "./edge-request.ts";
import { defineFunction } from "./frame.ts";
import { type Envelope, envelopeOf, payloadOf } from "./push-envelope.ts";

/** A function woken by the messages of one topic. */
export interface Subscriber<T extends z.ZodType> {
  readonly name: string;
  readonly schema: T;
  handle(world: World, payload: z.output<T>, delivery: Delivery): Promise<void>;
}

/** How a message came: the number of this try, from 1, and when it was published (ISO instant). */
export interface Delivery {
  readonly attempt?: number;
  readonly publishedAt: string;
}

/**
 * Defines the function. A message its schema refuses is kept as a dead letter at once, with its reason:
 * delivering it again would end the same, and dropping it would lose it.
 */
export function defineSubscriber<T extends z.ZodType>(subscriber: Subscriber<T>): void {
  defineFunction({
    name: subscriber.name,
    auth: "internal",
    handle: async (request, { world }) => {
      const envelope = envelopeOf(request.body);
      const payload = await readable(world, subscriber.schema, envelope);
      if (payload !== undefined) {
        await subscriber.handle(world, payload, deliveryOf(envelope));
      }
      return NO_CONTENT;
    },
  });
}

async function readable<T extends z.ZodType>(
  world: World,
  schema: T,
  envelope: Envelope,
): Promise<z.output<T> | undefined> {
  try {
    return payloadOf(schema, envelope);
  } catch (error) {
    if (!isError(error, "INVALID_REQUEST")) {
      throw error;
    }
    await keepDeadLetter(world, envelope, error.message);
    return undefined;
  }
}

function deliveryOf(envelope: Envelope): Delivery {
  const publishedAt = new Date(envelope.message.publishTime).toISOString();
  const { deliveryAttempt } = envelope;
  return deliveryAttempt === undefined ? { publishedAt } : { publishedAt, attempt: deliveryAttempt };
}
