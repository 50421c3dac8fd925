import { type Instant, later } from "../sync/time.ts";
import type { WorkspaceConfig } from "./world.ts";

const DAY_MS = 86_400_000;

/** The time that is looked at: from whole days back to whole days ahead, in UTC, so that it moves once a day. */
export function windowOf(workspace: WorkspaceConfig, now: Instant): { readonly from: Instant; readonly to: Instant } {
  const today = `${now.slice(0, 10)}T00:00:00.000Z`;
  return { from: later(today, -workspace.daysBack * DAY_MS), to: later(today, (workspace.daysAhead + 1) * DAY_MS) };
}
