import { sourceAccountOf, type WorkspaceConfig, workspaceOf } from "../config.ts";
import { LockstepError } from "../errors.ts";
import { publishObservation } from "../flows/publish.ts";
import { resourcesNamed, resourcesOf } from "../flows/resources.ts";
import type { World } from "../flows/world.ts";
import type { Provider, WebhookNotice } from "../ports/provider.ts";
import type { Instant, Span } from "../sync/time.ts";
import { type Observation, UNROUTED } from "../topics/observations.ts";
import { logWebhookReplayed } from "./edge-log.ts";
import type { ReplayWindow } from "./replay-window.ts";
import { webhookReaderOf } from "./webhook-reader.ts";
import { checkDelivery, type SignedDelivery } from "./webhook-signature.ts";

/** What takes deliveries in: the world, and what this instance took lately. */
export interface Intake {
  readonly world: World;
  readonly replays: ReplayWindow;
}

/**
 * Takes in one signed delivery of a booking system, however it came: checked, read and told, once. `content` reads its
 * body, after the signature. Throws NOT_FOUND, BAD_SIGNATURE (counted, S33), SECRET_MISSING, INVALID_REQUEST,
 * UNKNOWN_RESOURCE, and BUS_UNAVAILABLE, after which the same delivery is taken again.
 */
export async function takeNotice(
  { world, replays }: Intake,
  providers: Readonly<Record<string, Provider>>,
  delivery: SignedDelivery,
  content: () => unknown,
): Promise<{ readonly status: "accepted" | "duplicate"; readonly deliveryId: string }> {
  const { ws, source } = delivery;
  const workspace = workspaceOf(world.config, ws);
  const reader = webhookReaderOf(providers, sourceAccountOf(workspace, source), source);
  const deliveryId = await checkDelivery(world, delivery);
  const seenAt = world.clock.now();
  if (replays.has(`${ws}/${source}/${deliveryId}`, seenAt)) {
    logWebhookReplayed(world.log, ws, source, deliveryId);
    return { status: "duplicate", deliveryId };
  }
  const notice = reader.read(content());
  await publishObservation(world, bookingSeen(workspace, notice, { ws, source, deliveryId, seenAt }));
  replays.remember(`${ws}/${source}/${deliveryId}`, seenAt);
  return { status: "accepted", deliveryId };
}

/** One delivery of a source's webhook. */
export interface NoticeDelivery {
  readonly ws: string;
  readonly source: string;
  readonly deliveryId: string;
  readonly seenAt: Instant;
}

/**
 * What is published for a notice. Throws UNKNOWN_RESOURCE where the configuration lacks the named bay, and
 * INVALID_REQUEST where its time cannot be meant (S41).
 */
export function bookingSeen(workspace: WorkspaceConfig, notice: WebhookNotice, delivery: NoticeDelivery): Observation {
  const { ws, source, deliveryId, seenAt } = delivery;
  if (notice.around !== undefined) {
    checkPlausible(notice.around, seenAt);
  }
  const around = notice.around === undefined ? {} : { around: notice.around };
  const version = notice.version === undefined ? {} : { version: notice.version };
  return {
    kind: "booking-seen",
    ws,
    source,
    resource: route(workspace, source, notice.resource),
    run: { id: deliveryId, complete: false, absent: 0 },
    seenAt,
    items: [{ bookingId: notice.bookingId, evidence: "seen", deliveryId, ...around, ...version }],
  };
}

function route(workspace: WorkspaceConfig, source: string, name: string | undefined): string {
  if (name === undefined) {
    return UNROUTED;
  }
  const [resource] = resourcesNamed(workspace, source, [name.trim()]);
  if (resource === undefined) {
    const known = resourcesOf(workspace, source).map(([, each]) => `"${each.sourceName}"`);
    throw new LockstepError("UNKNOWN_RESOURCE", {
      detail: `No resource is called "${name.slice(0, 80)}" at ${source}; known are ${known.join(", ")}.`,
    });
  }
  return resource;
}

const YEAR_MS = 366 * 86_400_000;
const FARTHEST_YEARS = 10;

/** Refuses what no booking is: an end before its start, a stay of over a year, a date ten years off. */
export function checkPlausible(span: Span, now: Instant): void {
  const [start, end] = [Date.parse(span.start), Date.parse(span.end)];
  if (!(start < end)) {
    throw implausible("the end is not after the start");
  }
  if (end - start > YEAR_MS) {
    throw implausible("it lasts more than a year");
  }
  if (Math.abs(start - Date.parse(now)) > FARTHEST_YEARS * YEAR_MS) {
    throw implausible(`it is more than ${FARTHEST_YEARS} years away`);
  }
}

function implausible(reason: string): LockstepError {
  return new LockstepError("INVALID_REQUEST", { detail: `The booking's time cannot be meant: ${reason}.` });
}
