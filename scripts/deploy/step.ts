/** A program with its arguments, as it will be started. What is secret goes through `input`, never through arguments. */
export interface Command {
  readonly program: "gcloud" | "firebase";
  readonly args: readonly string[];
  readonly input?: string;
}

/**
 * What gcloud answers to arguments that only read (`--format=json` is added), kept for the rest of the run; undefined
 * where it says that the thing is not there.
 */
export type Look = (...args: readonly string[]) => Promise<unknown>;

/** What `--only` can name; in the order in which they are brought about. */
export const GROUPS = [
  "apis",
  "firestore",
  "accounts",
  "topics",
  "secrets",
  "configuration",
  "roles",
  "functions",
  "subscriptions",
  "jobs",
  "monitoring",
] as const;
export type Group = (typeof GROUPS)[number];

/** One thing of the project that the installation needs. */
export interface Step {
  readonly group: Group;
  /** `topic observations`. */
  readonly name: string;
  /** The function it is for, where it is for one. */
  readonly of?: string;
  /** Later steps of its own group look at it: what they would remember from before is forgotten. */
  readonly seenByItsGroup?: true;
  /** Compares what is there with what is described. */
  compare(look: Look): Promise<Difference>;
}

export type Difference =
  | { readonly kind: "same" }
  /** `why`: what there is and what there should be, for `--plan`. */
  | {
      readonly kind: "create" | "change" | "apply";
      readonly why?: string;
      readonly commands: readonly Command[];
      /** What a person has to do besides, which no command can. */
      readonly note?: string;
    };

export const SAME: Difference = { kind: "same" };

export function gcloud(...args: readonly string[]): Command {
  return { program: "gcloud", args };
}

/** The first of the pairs that differ, as a sentence; undefined where all are equal. */
export function firstDifference(
  pairs: readonly (readonly [what: string, is: unknown, wanted: unknown])[],
): string | undefined {
  const found = pairs.find(([, is, wanted]) => JSON.stringify(is) !== JSON.stringify(wanted));
  return found === undefined ? undefined : `${found[0]} is ${shown(found[1])}, should be ${shown(found[2])}`;
}

function shown(value: unknown): string {
  return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}
