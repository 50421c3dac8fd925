/** What a command answers: its JSON, what it says beside it, and how it ends. */
export interface Answer {
  readonly shown?: object;
  readonly says: readonly string[];
  readonly code: number;
}

/** Runs a command; a command line that is wrong is answered with how it is right. */
export async function answerCommand(work: () => Promise<Answer>, usage: string): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { says: [`${error.message}.`, usage], code: 2 };
  }
}

export function print({ shown, says, code }: Answer): void {
  if (shown !== undefined) process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  for (const line of says) process.stderr.write(`${line}\n`);
  process.exitCode = code;
}
