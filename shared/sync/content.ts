import { type Span, sameSpan } from "./time.ts";

/**
 * What is kept in step between a booking and its event. An absent field is *unknown* (masked, not
 * readable, not rendered): it never differs from anything and is never filled with a default (law 11).
 */
export interface Content {
  readonly span?: Span;
  readonly title?: string;
  readonly description?: string;
  /** Whether it takes place for sure; unknown where the source does not tell the two apart. */
  readonly standing?: Standing;
}

export type Standing = "tentative" | "confirmed";

export type Field = keyof Content;

export const FIELDS = ["span", "title", "description", "standing"] as const satisfies readonly Field[];

/** The fields known on both sides whose values are not the same. */
export function differingFields(a: Content, b: Content): Field[] {
  return FIELDS.filter((field) => differs(a, b, field));
}

function differs(a: Content, b: Content, field: Field): boolean {
  if (field === "span") {
    return a.span !== undefined && b.span !== undefined && !sameSpan(a.span, b.span);
  }
  return a[field] !== undefined && b[field] !== undefined && a[field] !== b[field];
}

/** Only the named fields of `content`; unknown ones stay unknown. */
export function pick(content: Content, fields: readonly Field[]): Content {
  return Object.fromEntries(
    fields.filter((field) => content[field] !== undefined).map((field) => [field, content[field]]),
  );
}
