/** Runs `work` on a mailbox as soon as `weight` of its places are free. */
export type Gate = <T>(mailbox: string, weight: number, work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly weight: number;
  readonly start: () => void;
}

/**
 * At most `places` at a time on each mailbox, in the order they came: a fifth call at once is answered 429
 * (API_FACTS §3). A batch takes all places, since its parts run side by side.
 */
export function openGate(places: number): Gate {
  const mailboxes = new Map<string, { free: number; readonly queue: Waiting[] }>();
  return async (mailbox, weight, work) => {
    const state = mailboxes.get(mailbox) ?? { free: places, queue: [] };
    mailboxes.set(mailbox, state);
    const letIn = () => {
      for (let next = state.queue[0]; next !== undefined && next.weight <= state.free; next = state.queue[0]) {
        state.queue.shift();
        state.free -= next.weight;
        next.start();
      }
    };
    await new Promise<void>((start) => {
      state.queue.push({ weight, start });
      letIn();
    });
    try {
      return await work();
    } finally {
      state.free += weight;
      letIn();
      if (state.free === places && state.queue.length === 0) mailboxes.delete(mailbox);
    }
  };
}
