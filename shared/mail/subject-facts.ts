import { tidy } from "./fold.ts";
import { ANY_SUBJECT } from "./readers/any-subject.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";

/** What a subject tells, as written. */
export interface SubjectFacts {
  /** Whatever stands where a name would, the likeliest first; some may be no names. */
  readonly names: readonly string[];
  readonly code: string | null;
  readonly dates: string | null;
  readonly property: string | null;
  /** The subject itself. */
  readonly line: string;
}

/** Reads a subject by its platform's patterns, then by everybody's; the first that gives something wins it. */
export function subjectFacts(subject: string, reader: PlatformReader): SubjectFacts {
  const found = [...reader.subjects, ...ANY_SUBJECT].map(
    (pattern) => pattern.exec(subject.slice(0, 500))?.groups ?? {},
  );
  const all = (group: string) => found.flatMap((groups) => (groups[group] === undefined ? [] : [tidy(groups[group])]));
  return {
    names: all("name"),
    code: all("code")[0] ?? null,
    dates: all("dates")[0] ?? null,
    property: all("property")[0] ?? null,
    line: subject,
  };
}
