import type { World } from "../world.ts";
import type { ConnectionDoc, LastSync, Trouble } from "./connection.ts";

/** What operators read of mailboxes (requirements §6): counts, ids and reasons, never what a mail says or who wrote it. */
interface Where {
  readonly ws: string;
  readonly connectionId: string;
}

/** One mail on its way; many of them. */
export function logMail(world: World, where: Where, messageId: string, outcome: string): void {
  world.log.write("DEBUG", "[EmailProcessor] mail", { component: "EmailProcessor", ...where, messageId, outcome });
}

export function logIngest(world: World, where: Where, run: LastSync): void {
  const { scanned, skipped, kept, asked, enriched, outcome } = run;
  world.log.write("INFO", "[EmailProcessor] ingest run", {
    ...{ component: "EmailProcessor", event: "gmail_ingest_run", ...where },
    ...{ scanned, skipped, count: kept, asked, enriched, outcome },
  });
}

/** A mail that two connections would read: one of them would greet the wrong guest. */
export function logViolation(world: World, where: Where, messageId: string, otherConnectionId: string): void {
  world.log.write("CRITICAL", "[EmailProcessor] label isolation violation", {
    ...{ component: "EmailProcessor", event: "label_isolation_violation", ...where },
    ...{ messageId, otherConnectionId },
  });
}

/** Said where the status changes, and only then. */
export function logHealth(world: World, where: Where, before: ConnectionDoc, after: ConnectionDoc): void {
  if (before.status === after.status && before.reason === after.reason) return;
  const severity = after.status === "error" ? "WARNING" : "INFO";
  world.log.write(severity, "[GmailVerify] connection health", {
    ...{ component: "GmailVerify", event: "connection_health", ...where },
    ...{ from: before.status, to: after.status, reason: after.reason ?? "" },
  });
}

export function logSyncEnd(world: World, where: Where, run: LastSync, trouble: Trouble | undefined): void {
  const durationMs = Date.parse(run.endedAt) - Date.parse(run.startedAt);
  world.log.write(run.outcome === "failed" ? "WARNING" : "INFO", "[Sync] run ended", {
    ...{ component: "Sync", event: "sync_run_end", ...where },
    ...{ durationMs, outcome: run.outcome === "failed" ? "fail" : "success", complete: run.outcome === "done" },
    reason: trouble ?? "",
  });
}
