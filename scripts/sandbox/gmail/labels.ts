import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { notFound } from "./errors.ts";
import type { LabelRow } from "./rows.ts";
import { labelsOf } from "./shelves.ts";

/** `labels.list`: id, name, type, no counters (API_FACTS §2). */
export function listLabels(call: Call, email: string): Reply {
  return json(200, { labels: labelsOf(call.world).all(email).map(show) });
}

/** `labels.get`. */
export function getLabel(call: Call, email: string, [id = ""]: readonly string[]): Reply {
  return json(200, show(labelsOf(call.world).get(email, id) ?? notFound()));
}

function show({ id, name, type }: LabelRow): Record<string, unknown> {
  const seen = type === "user" ? { messageListVisibility: "show", labelListVisibility: "labelShow" } : {};
  return { id, name, type, ...seen };
}
