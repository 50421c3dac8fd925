import type { Command, Difference, Look, Step } from "./step.ts";

/** What a deployment works with: how it reads, how it acts, how it tells. */
export interface Workplace {
  /** The JSON that gcloud answers; undefined where it says that there is no such thing. Rejects otherwise. */
  read(args: readonly string[]): Promise<unknown>;
  /** Rejects with the program's own words where it fails. */
  run(command: Command): Promise<void>;
  say(line: string): void;
}

/** A look that remembers, until something is changed. */
interface RememberedLook {
  readonly look: Look;
  forget(): void;
}

export function rememberedLook(read: Workplace["read"]): RememberedLook {
  const answers = new Map<string, Promise<unknown>>();
  return {
    look: (...args) => {
      const key = JSON.stringify(args);
      const answer = answers.get(key) ?? read(args);
      answers.set(key, answer);
      return answer;
    },
    forget: () => answers.clear(),
  };
}

/**
 * Brings each step about, in order, where it is not as described. Rejects at the first that fails, naming it: what was
 * done is found done by the next run, which goes on there.
 */
export async function carryOut(steps: readonly Step[], workplace: Workplace): Promise<void> {
  const { look, forget } = rememberedLook(workplace.read);
  const notes: string[] = [];
  for (const [index, step] of steps.entries()) {
    const difference = await inStep(step, () => step.compare(look));
    workplace.say(lineOf(step, difference));
    if (difference.kind === "same") continue;
    if (difference.note !== undefined) notes.push(difference.note);
    for (const command of difference.commands) await inStep(step, () => workplace.run(command));
    if (isSeenLater(step, difference, steps[index + 1])) forget();
  }
  for (const note of notes) workplace.say(`to do   ${note}`);
}

/** While things of one group are only made, the lists that they were looked for in say enough; reading them anew takes seconds. */
function isSeenLater(step: Step, { kind }: Difference, next: Step | undefined): boolean {
  return kind !== "create" || next?.group !== step.group || step.seenByItsGroup === true;
}

/** Says what would be done, and does nothing. */
export async function showPlan(steps: readonly Step[], { read, say }: Pick<Workplace, "read" | "say">): Promise<void> {
  const { look } = rememberedLook(read);
  const counts = { same: 0, create: 0, change: 0, apply: 0 };
  for (const step of steps) {
    const difference = await inStep(step, () => step.compare(look));
    counts[difference.kind] += 1;
    if (difference.kind !== "same") say(lineOf(step, difference));
  }
  const { same, create, change, apply } = counts;
  say(`${create} to create, ${change} to change, ${apply} to apply or to do, ${same} as described.`);
}

async function inStep<T>(step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const says = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${step.name}: ${says}\nMend it and run the same command again: it goes on from here.`, { cause });
  }
}

const WORDS: Readonly<Record<Difference["kind"], string>> = {
  same: "ok     ",
  create: "create ",
  change: "change ",
  apply: "apply  ",
};

function lineOf({ name }: Step, difference: Difference): string {
  const why = difference.kind === "same" || difference.why === undefined ? "" : ` (${difference.why})`;
  return `${WORDS[difference.kind]} ${name}${why}`;
}
