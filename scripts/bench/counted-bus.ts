import type { OutgoingMessage } from "../../shared/ports/bus.ts";
import { checkMessages } from "../../shared/ports/bus-checks.ts";
import type { HandBus } from "../sim/studio/studio.ts";

interface Message extends OutgoingMessage {
  readonly topic: string;
}

export interface CountedBus extends HandBus {
  /** Messages accepted so far. */
  accepted(): number;
  /** Takes everything that waits, oldest first. */
  takeAll(): Message[];
  /** Makes this the only message that waits; not counted again. */
  offer(message: Message): void;
}

/** A bus in memory that counts what it accepts. */
export function countedBus(): CountedBus {
  const waiting: Message[] = [];
  let accepted = 0;
  return {
    publisher: {
      async publish(topic, messages) {
        checkMessages(messages);
        accepted += messages.length;
        waiting.push(...messages.map((message) => ({ ...message, topic })));
      },
      close: async () => {},
    },
    take: () => waiting.shift(),
    accepted: () => accepted,
    takeAll: () => waiting.splice(0),
    offer: (message) => {
      waiting.splice(0, waiting.length, message);
    },
  };
}
