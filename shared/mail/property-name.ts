import { fold, tidy } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Line } from "./line.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";
import type { Fact } from "./reading.ts";

const LONGEST = 120;

/** What the let is called: labelled, else the title its platform sets above the kind of home, else in the subject. */
export function propertyName(
  labelled: readonly Labelled[],
  subject: { readonly property: string | null; readonly line: string },
  lines: readonly Line[],
  reader: PlatformReader,
): Fact<string> | null {
  const label = labelledProperty(labelled);
  // A number says less than a title.
  const isNumber = label !== null && /^\d+$/.test(label.value);
  return (isNumber ? null : label) ?? titled(lines, reader) ?? label ?? inSubject(subject);
}

function labelledProperty(labelled: readonly Labelled[]): Fact<string> | null {
  for (const { field, value, line } of labelled) {
    const name = tidy(value).replace(/^#(?=\d)/, "");
    const isName =
      field === "property" && name.length >= 2 && name.length <= LONGEST && !/^external id|[?!]$/i.test(name);
    if (isName) return { value: name, line, confidence: 0.92 };
  }
  return null;
}

function titled(lines: readonly Line[], reader: PlatformReader): Fact<string> | null {
  const below = reader.belowProperty;
  if (below === null) return null;
  const at = lines.findIndex(({ text }) => below.test(fold(text)));
  const title = lines[at - 1]?.text ?? "";
  return at < 1 || title.length < 3 || title.length > LONGEST ? null : { value: title, line: title, confidence: 0.85 };
}

function inSubject({
  property,
  line,
}: {
  readonly property: string | null;
  readonly line: string;
}): Fact<string> | null {
  return property === null || property.length > LONGEST ? null : { value: property, line, confidence: 0.8 };
}
