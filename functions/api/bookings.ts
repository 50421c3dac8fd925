import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { LockstepError } from "../../shared/errors.ts";
import { linksOfBooking } from "../../shared/flows/capture/links.ts";
import { keyNamed, listCards } from "../../shared/flows/directory/list-cards.ts";
import { openBooking } from "../../shared/flows/directory/open-booking.ts";
import {
  type Refreshed,
  refreshBeforeRead,
  refreshDirectories,
  tokenExpired,
} from "../../shared/flows/directory/refresh.ts";
import { Booking, MailLink, OpenedBooking } from "./answers/booking.ts";
import { Paging, pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Filter = Paging.extend({
  source: z.string().min(1).max(60).exactOptional(),
  status: z.string().min(1).max(60).toLowerCase().exactOptional().describe("The source's own word, e.g. `confirmed`."),
});

const Synced = z
  .object({
    added: z.int(),
    updated: z.int(),
    total: z.int().describe("Bookings that were listed."),
    linked: z.int().describe("Mails that waited for one of them."),
    skipped: z.array(z.string()).describe("What was left out, and why."),
    warnings: z.array(z.string()).describe("Parts of the list that failed; the others were used."),
  })
  .meta({ id: "SyncedBookings" });

const NAMED = { id: "Its number at its source, or `{source}:{number}`." };

export const BOOKING_ROUTES = [
  route({
    ...{ method: "GET", pattern: "bookings", scope: "read" },
    summary: "Bookings that people look up (OSM), asked for first; what could not be had is a warning.",
    query: Filter,
    answer: pageAnswer(Booking).extend({ warnings: z.array(z.string()) }),
    problems: ["OSM_TOKEN_EXPIRED"],
    handle: showBookings,
  }),
  route({
    ...{ method: "POST", pattern: "bookings/sync", scope: "operate", action: "sync bookings" },
    summary: "Lists them all now.",
    answer: Synced,
    problems: ["OSM_TOKEN_EXPIRED", "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED", "PROVIDER_BLOCKED"],
    handle: syncBookings,
  }),
  route({
    ...{ method: "GET", pattern: "bookings/:id", scope: "read", path: NAMED },
    summary: "One booking as its source has it now, with its comments and mails.",
    answer: OpenedBooking,
    problems: ["OSM_TOKEN_EXPIRED"],
    handle: showBooking,
  }),
  route({
    ...{ method: "GET", pattern: "bookings/:id/links", scope: "read", path: NAMED },
    summary: "The mails about a booking.",
    answer: pageAnswer(MailLink),
    handle: showLinks,
  }),
];

async function showBookings({ world, caller, query }: ApiCall<z.output<typeof Filter>>) {
  // A further page goes on with the first one's list.
  const isFirst = query.after === undefined;
  const workspace = workspaceOf(world.config, caller.ws);
  const warnings = isFirst ? await refreshBeforeRead(world, caller.ws, workspace) : [];
  return { ...(await listCards(world, caller.ws, query)), warnings };
}

function showBooking({ world, caller, param }: ApiCall) {
  const workspace = workspaceOf(world.config, caller.ws);
  return openBooking(world, caller.ws, workspace, keyNamed(world, caller.ws, workspace, param("id")));
}

async function showLinks({ world, caller, param }: ApiCall) {
  const key = keyNamed(world, caller.ws, workspaceOf(world.config, caller.ws), param("id"));
  return { items: await linksOfBooking(world.store(caller.ws), key), next: null };
}

/**
 * Throws PROVIDER_UNAVAILABLE (502) where no list could be had, OSM_TOKEN_EXPIRED (401) where the source no longer takes
 * our token.
 */
async function syncBookings({ world, caller }: ApiCall) {
  const all = await refreshDirectories(world, caller.ws, workspaceOf(world.config, caller.ws));
  const fetched = all.flatMap((each) => (each.kind === "fetched" ? [each] : []));
  const failed = all.flatMap((each) => (each.kind === "failed" ? [each] : []));
  if (fetched.length === 0) refuse(failed);
  const sum = (count: "added" | "updated" | "total" | "linked") => fetched.reduce((all, each) => all + each[count], 0);
  return {
    ...{ added: sum("added"), updated: sum("updated"), total: sum("total"), linked: sum("linked") },
    skipped: fetched.flatMap(({ skipped }) => skipped),
    warnings: [...fetched.flatMap(({ warnings }) => warnings), ...failed.map(({ error }) => error.message)],
  };
}

function refuse(failed: readonly Extract<Refreshed, { kind: "failed" }>[]): void {
  const [first] = failed;
  if (first === undefined) return;
  if (first.error.code === "PROVIDER_UNAUTHORIZED") throw tokenExpired(first.source, first.error);
  if (first.error.code === "PROVIDER_RATE_LIMITED" || first.error.code === "PROVIDER_BLOCKED") throw first.error;
  const detail = `${first.source} cannot be reached: ${first.error.message}`;
  throw new LockstepError("PROVIDER_UNAVAILABLE", { detail, cause: first.error });
}
