import type { Log } from "../ports/log.ts";

/**
 * What operators count at the edges (log-based metrics on these messages). The store is never touched for a
 * stranger's request, so the log is where refusals are counted.
 */
export function logPushRefused(log: Log, reason: string): void {
  log.write("WARNING", "push refused", { reason });
}

export function logWebhookRefused(log: Log, ws: string, source: string, reason: string): void {
  log.write("WARNING", "webhook refused", { ws, source, reason });
}

export function logWebhookReplayed(log: Log, ws: string, source: string, deliveryId: string): void {
  log.write("NOTICE", "webhook replayed", { ws, source, deliveryId });
}

export function logCredentialRefused(log: Log, code: string, reason: string): void {
  log.write("WARNING", "credential refused", { code, reason });
}
