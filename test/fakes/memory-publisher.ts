import { LockstepError } from "../../shared/errors.ts";
import type { OutgoingMessage, Publisher } from "../../shared/ports/bus.ts";
import { checkMessages } from "../../shared/ports/bus-checks.ts";

export interface PublishedMessage extends OutgoingMessage {
  readonly topic: string;
}

/** A publisher that remembers, for flow tests. */
export interface MemoryPublisher extends Publisher {
  /** Everything accepted so far, in order. */
  readonly published: readonly PublishedMessage[];
  /** Forgets and answers what was accepted since the last time, parsed. */
  take(topic?: string): unknown[];
  /** The next `times` calls of publish throw BUS_UNAVAILABLE and accept nothing. */
  failNext(times?: number): void;
}

export function memoryPublisher(): MemoryPublisher {
  const published: PublishedMessage[] = [];
  let failures = 0;
  return {
    published,
    async publish(topic, messages) {
      checkMessages(messages);
      if (failures > 0) {
        failures -= 1;
        throw new LockstepError("BUS_UNAVAILABLE", { detail: `The bus refused ${topic} (as the test asked).` });
      }
      published.push(...messages.map((message) => ({ ...message, topic })));
    },
    take(topic) {
      const taken = published.filter((each) => topic === undefined || each.topic === topic);
      const rest = published.filter((each) => !taken.includes(each));
      published.splice(0, published.length, ...rest);
      return taken.map((each): unknown => JSON.parse(each.data));
    },
    failNext(times = 1) {
      failures = times;
    },
    close: async () => {},
  };
}
