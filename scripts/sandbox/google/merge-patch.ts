import { isRecord } from "../wire.ts";

/** Google's patch semantics: objects merge key by key, null removes, everything else replaces. */
export function mergePatch(
  target: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const present = merged[key];
    if (value === null) delete merged[key];
    else if (isRecord(value)) merged[key] = mergePatch(isRecord(present) ? present : {}, value);
    else merged[key] = value;
  }
  return merged;
}
