/** The only timer of the sandbox, so that a simulation can bring its own. Returns how to call it off. */
export interface Alarm {
  after(ms: number, run: () => void): () => void;
}

/** Real time; never keeps the process alive. Waits longer than a day are taken in days. */
export const systemAlarm: Alarm = {
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, 86_400_000));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export function wait(alarm: Alarm, ms: number): Promise<void> {
  return new Promise((resolve) => alarm.after(ms, resolve));
}
