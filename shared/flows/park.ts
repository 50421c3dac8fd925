import { ERRORS, isError, LockstepError } from "../errors.ts";
import type { DocumentStore } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { type Desk, putMap } from "./desk.ts";
import type { EventMap } from "./documents.ts";
import { giveUp } from "./given-up.ts";
import { raiseAlert } from "./review.ts";

const MINUTE_MS = 60_000;
/** A provider's outage is waited out at most this long between two tries (S64). */
const OUTAGE_CEILING_MS = 15 * MINUTE_MS;
/** A refused item backs off up to hours (S27) … */
const REFUSED_CEILING_MS = 4 * 60 * MINUTE_MS;
/** … and is given up after this many refusals, eight hours after the first. */
const MAX_REFUSALS = 10;
/** An outage that lasts this many tries of one item is shown. */
const ALERT_AFTER = 3;

/**
 * R6: a provider's failure is no reason to hold up the room. The map remembers that something is
 * left to do and when; the message is acknowledged. Store failures are not parked: they are thrown.
 */
export async function park(desk: Desk, cause: unknown): Promise<void> {
  const error = asError(cause);
  const attempts = desk.map.attempts + 1;
  const refused = ERRORS[error.code].disposition === "ask" || error.code === "INTERNAL";
  // An outage counts for the backoff, never for giving up (S64).
  const refusals = (desk.map.refusals ?? 0) + (refused ? 1 : 0);
  const givenUp = refused && refusals >= MAX_REFUSALS;
  // Only what is about retrying is kept of this turn; the rest is read again.
  const kept = desk.storedMap ?? { ...desk.map, event: undefined, base: undefined };
  desk.map = withoutUndefined({
    ...kept,
    status: givenUp ? "error" : kept.status,
    dirty: !givenUp,
    nextAttempt: givenUp ? "" : later(desk.now, delayMs(error, attempts, refused ? refusals : 0)),
    attempts,
    ...(refusals === 0 ? {} : { refusals }),
    error: { code: error.code, detail: error.message, at: desk.now, ...desk.failed },
  });
  await desk.store.commit(givenUp ? [putMap(desk), giveUp(desk, error)] : [putMap(desk)]);
  logParked(desk, error, attempts, givenUp);
  await alertOf(desk, error, attempts, givenUp);
}

/** As one of ours: what is none is a defect. */
export function asError(cause: unknown): LockstepError {
  if (cause instanceof LockstepError) return cause;
  return new LockstepError("INTERNAL", { detail: "A defect stopped this booking; see the log.", cause });
}

function delayMs(error: LockstepError, attempts: number, refusals: number): number {
  const backoff = refusals > 0 ? backoffMs(refusals, REFUSED_CEILING_MS) : outageDelayMs(attempts);
  return Math.max(backoff, error.retryAfterMs ?? 0);
}

/** How long until the next look at what a provider could not answer: one minute, doubling, up to 15. */
export function outageDelayMs(attempts: number): number {
  return backoffMs(attempts, OUTAGE_CEILING_MS);
}

function backoffMs(attempts: number, ceilingMs: number): number {
  return Math.min(ceilingMs, MINUTE_MS * 2 ** Math.min(attempts - 1, 10));
}

function logParked(desk: Desk, error: LockstepError, attempts: number, givenUp: boolean): void {
  const cause = error.cause instanceof Error ? error.cause.stack : undefined;
  desk.world.log.write(
    givenUp || error.code === "INTERNAL" ? "ERROR" : "WARNING",
    givenUp ? "item given up" : "item parked",
    {
      ws: desk.place.ws,
      resource: desk.place.resource,
      appointmentId: desk.place.bookingId,
      calendarId: desk.map.calendarId,
      eventId: desk.map.eventId,
      code: error.code,
      providerError: error.provider,
      detail: error.message,
      attempts,
      nextAttempt: desk.map.nextAttempt,
      stack: error.code === "INTERNAL" ? cause : undefined,
    },
  );
}

/** Refused credentials and rights are shown at once, an outage when it lasts, a given-up item always. */
async function alertOf(desk: Desk, error: LockstepError, attempts: number, givenUp: boolean): Promise<void> {
  if (!givenUp) return raiseOutage(desk.store, error, desk.map.calendarId, attempts, desk.now);
  const subject = `${desk.key}~${desk.place.resource}`;
  await raiseAlert(desk.store, { kind: "given-up", subject, detail: detailOf(error) }, desk.now);
}

/** What keeps the items of one calendar waiting, maps and imports alike. */
export async function raiseOutage(
  store: DocumentStore,
  error: LockstepError,
  calendarId: string,
  attempts: number,
  now: Instant,
): Promise<void> {
  if (!isError(error, "PROVIDER_UNAUTHORIZED", "PROVIDER_FORBIDDEN") && attempts < ALERT_AFTER) return;
  await raiseAlert(store, { kind: error.code, subject: calendarId, detail: detailOf(error) }, now);
}

function detailOf(error: LockstepError): string {
  return `${error.message} ${ERRORS[error.code].remedy}`;
}

/** Optional parts that were emptied are left out, as the store and the types want it. */
function withoutUndefined(map: Omit<EventMap, "event" | "base"> & { event?: unknown; base?: unknown }): EventMap {
  // Proof: dropping undefined properties turns the widened shape back into the declared one.
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as unknown as EventMap;
}
