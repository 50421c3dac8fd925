/** What the doctor found about one thing. */
export type Finding =
  | { readonly kind: "well"; readonly about: string; readonly says: string }
  /** It works, but somebody should look. */
  | { readonly kind: "odd"; readonly about: string; readonly says: string; readonly remedy: string }
  | { readonly kind: "ill"; readonly about: string; readonly says: string; readonly remedy: string };

const MARKS: Readonly<Record<Finding["kind"], string>> = { well: "ok ", odd: "?? ", ill: "!! " };

/** `!! calendar loft-bay-1@…: may be read, not written. Share it with …` */
export function describeFinding(finding: Finding): string {
  const remedy = finding.kind === "well" ? "" : ` ${finding.remedy}`;
  return `${MARKS[finding.kind]} ${finding.about}: ${finding.says}.${remedy}`;
}
