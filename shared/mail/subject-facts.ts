import { tidy } from "./fold.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";

/** What a platform's subject tells, as written. */
export interface SubjectFacts {
  readonly name: string | null;
  readonly code: string | null;
  readonly dates: string | null;
  readonly property: string | null;
}

type Group = keyof SubjectFacts;

const NOTHING: SubjectFacts = { name: null, code: null, dates: null, property: null };

/** Reads a subject by its platform's patterns, the first that gives a group winning it. */
export function subjectFacts(subject: string, reader: PlatformReader | undefined): SubjectFacts {
  const found: Record<Group, string | null> = { ...NOTHING };
  for (const pattern of reader?.subjects ?? []) {
    const groups = pattern.exec(subject.slice(0, 500))?.groups ?? {};
    for (const group of ["name", "code", "dates", "property"] as const) {
      const value = groups[group];
      if (found[group] === null && value !== undefined) found[group] = tidy(value);
    }
  }
  return found;
}
