import { isOurOwnFailure, LockstepError } from "../../shared/errors.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { pullCalendar } from "../../shared/flows/pull-calendar.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import type { DocumentStore, StoreFactory } from "../../shared/ports/store.ts";
import * as touched from "../../shared/topics/calendar-touched.ts";
import * as observations from "../../shared/topics/observations.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { BAY_1, BAY_2, type GoogleEvent, openStudio, type Studio, type StudioOptions } from "./studio.ts";

/** A worker that dies: nothing after the await it stands at happens. */
class Death extends Error {}

/** Chance from one seed. */
function dice(seed: number) {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (probability: number) => next() < probability,
    below: (limit: number) => Math.floor(next() * limit),
    pick: <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)],
  };
}
type Dice = ReturnType<typeof dice>;

interface Trouble {
  on: boolean;
  /** The worker is dead: nothing it still tries has any effect. */
  dead: boolean;
}

/** What people did, for the oracle: appointments that staff cancelled, and whose event somebody deleted. */
interface Deeds {
  readonly cancelled: Set<string>;
  readonly deletedEvents: Set<string>;
}

interface HistoryOptions extends Pick<StudioOptions, "providers"> {
  readonly steps: number;
  readonly tell: (line: string) => void;
}

export async function playHistory(seed: number, { steps, tell, ...words }: HistoryOptions): Promise<string[]> {
  const random = dice(seed);
  const trouble: Trouble = { on: false, dead: false };
  const studio = await openStudio({
    ...words,
    stores: troubledStores(memoryStores(), random, trouble, tell),
    policy: policyOf(random),
    fetch: (fetchIt) => troubledFetch(fetchIt, random, trouble, tell),
  });
  const deeds: Deeds = { cancelled: new Set(), deletedEvents: new Set() };
  await studio.turnSchedulers();
  trouble.on = true;
  for (let step = 0; step < steps; step++) {
    await act(studio, random, deeds, tell).catch((error: unknown) => tell(`    refused: ${String(error)}`));
    studio.clock.advance(1_000 + random.below(40_000));
    await work(studio, random, trouble, tell, random.below(6));
    trouble.dead = false;
    if (random.chance(0.2)) await schedule(studio, random, tell);
    trouble.dead = false;
  }
  trouble.on = false;
  tell("calm");
  await calmDown(studio);
  tellEffects(studio, tell);
  for (const map of await studio.maps())
    tell(
      JSON.stringify({
        ...map,
        journal: map.journal.map(({ at, saw, rule, effects }) => `${at} ${saw} ${rule} ${JSON.stringify(effects)}`),
      }),
    );
  for (const review of await studio.reviews()) tell(JSON.stringify(review));
  return complaintsOf(studio, deeds);
}

/** The breaker stays out of the way: what it holds waits for a person, and says nothing about agreement. */
function policyOf(random: Dice): Record<string, unknown> {
  return {
    breakerCount: 1_000,
    merge: random.pick(["source-wins", "source-wins", "last-write-wins", "ask"]),
    calendarDeletion: random.pick(["cancel", "cancel", "restore"]),
    overlappingMove: random.pick(["rebook", "rebook", "ask"]),
  };
}

async function act(studio: Studio, random: Dice, deeds: Deeds, tell: (line: string) => void): Promise<void> {
  const rows = await studio.appointments();
  const live = rows.filter((row) => row["StatusID"] === 1);
  const row = random.pick(live);
  const id = String(row?.["AppointmentID"]);
  const day = 12 + random.below(3);
  const hour = 8 + random.below(12);
  const start = `2027-01-${day}T${String(hour).padStart(2, "0")}:00:00`;
  const lose = random.chance(0.3) ? { "x-sandbox-fault": random.pick(["notify-lost", "notify-double"]) ?? "" } : {};
  const calendarId = random.pick([BAY_1, BAY_2]) ?? BAY_1;
  const event = random.pick((await studio.events(calendarId)).filter(isManaged));
  const staff = (action: string, body: Record<string, unknown>) =>
    studio.call("POST", `/sandbox/uschedule/${action}`, body, lose);
  const path = `/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/${event?.id}`;
  const deed = random.below(10);
  if (deed <= 2 || live.length === 0) {
    const bay = 1 + random.below(2);
    tell(`staff book Bay ${bay} at ${start}`);
    const booked = await staff("book", { ResourceName: `Bay ${bay}`, StartTime: start, CustomerName: "Maya" });
    tell(`    ${booked["Id"]}`);
  } else if (deed === 3) {
    tell(`staff move ${id} to ${start} ${JSON.stringify(lose)}`);
    await staff("edit", { id, StartTime: start });
  } else if (deed === 4) {
    tell(`staff cancel ${id} ${JSON.stringify(lose)}`);
    await staff("cancel", { id });
    deeds.cancelled.add(id);
  } else if (deed === 5) {
    const gone = random.pick(rows.filter((each) => each["StatusID"] === 9));
    tell(`staff re-enable ${gone?.["AppointmentID"]}`);
    if (gone !== undefined) await staff("reenable", { id: gone["AppointmentID"] });
  } else if (deed === 6) {
    tell(`staff change the bay of ${id}`);
    await staff("edit", { id, ResourceName: `Bay ${1 + random.below(2)}` });
  } else if (deed === 7 && event !== undefined) {
    const end = start.replace(/T(\d\d)/, (_, h: string) => `T${String(Number(h) + 1).padStart(2, "0")}`);
    tell(`somebody drags ${nameOf(event)} to ${start} ${JSON.stringify(lose)}`);
    const zone = { timeZone: "Europe/London" };
    await studio.call("PATCH", path, { start: { dateTime: start, ...zone }, end: { dateTime: end, ...zone } }, lose);
  } else if (deed === 8 && event !== undefined) {
    tell(`somebody deletes ${nameOf(event)} ${JSON.stringify(lose)}`);
    await studio.call("DELETE", path, undefined, lose);
    deeds.deletedEvents.add(nameOf(event));
  } else if (deed === 9 && event !== undefined) {
    if (random.chance(0.5)) {
      tell(`somebody renames ${nameOf(event)}`);
      await studio.call("PATCH", path, { summary: `Maya ${random.below(9)}` }, lose);
    } else {
      const other = calendarId === BAY_1 ? BAY_2 : BAY_1;
      tell(`somebody moves ${nameOf(event)} to ${other}`);
      await studio.call("POST", `${path}/move?destination=${encodeURIComponent(other)}`, undefined, lose);
    }
  }
}

/** A few deliveries: one message at a time per key, sometimes twice, sometimes again after a death. */
async function work(
  studio: Studio,
  random: Dice,
  trouble: Trouble,
  tell: (line: string) => void,
  many: number,
): Promise<void> {
  await studio.sandbox.tick();
  for (let count = 0; count < many; count++) {
    const heads = firstOfEachKey(studio);
    const message = random.pick(heads);
    if (message === undefined) return;
    const doubled = random.chance(0.15);
    for (let attempt = 1; attempt <= 4; attempt++) {
      trouble.dead = false;
      if ((await deliver(studio, message, attempt, tell)) && !trouble.dead) break;
    }
    trouble.dead = false;
    if (doubled) await deliver(studio, message, 1, tell);
    remove(studio, message);
  }
}

async function deliver(
  studio: Studio,
  message: PublishedMessage,
  attempt: number,
  tell: (line: string) => void,
): Promise<boolean> {
  const { world } = studio;
  tell(`  deliver ${message.topic} ${message.data.slice(0, 60)}… attempt ${attempt}`);
  try {
    const data: unknown = JSON.parse(message.data);
    if (message.topic === touched.TOPIC) await pullCalendar(world, touched.CalendarTouched.parse(data));
    else await syncObservations(world, observations.Observation.parse(data), { attempt });
    tellEffects(studio, tell);
    return true;
  } catch (error) {
    tellEffects(studio, tell);
    tell(`    ${String(error)}`);
    if (error instanceof Death || isOurOwnFailure(error)) return false;
    throw error;
  }
}

/** What the product says it did, in the order of the history. */
function tellEffects(studio: Studio, tell: (line: string) => void): void {
  for (const { message, fields } of studio.logs.splice(0)) {
    tell(
      `    · ${message} ${["appointmentId", "rule", "action", "direction", "answer", "code", "eventId"].map((name) => fields[name] ?? "").join(" ")}`,
    );
  }
}

async function schedule(studio: Studio, random: Dice, tell: (line: string) => void): Promise<void> {
  const job = random.pick([pollSources, renewWatches, sweep]) ?? sweep;
  tell(`  schedule ${job.name}`);
  try {
    await job(studio.world);
  } catch (error) {
    if (!(error instanceof Death) && !isOurOwnFailure(error)) throw error;
  }
}

function firstOfEachKey(studio: Studio): PublishedMessage[] {
  const heads = new Map<string, PublishedMessage>();
  for (const message of studio.publisher.published) {
    const key = `${message.topic} ${message.orderingKey}`;
    if (!heads.has(key)) heads.set(key, message);
  }
  return [...heads.values()];
}

function remove(studio: Studio, message: PublishedMessage): void {
  // Proof: the fake keeps its messages in a plain array; only the test takes from it.
  const published = studio.publisher.published as unknown as PublishedMessage[];
  const at = published.indexOf(message);
  if (at >= 0) published.splice(at, 1);
}

/** No more trouble; every scheduler gets its turns until parked items, claims and watches had theirs. */
async function calmDown(studio: Studio): Promise<void> {
  for (let turn = 0; turn < 12; turn++) {
    await studio.turnSchedulers();
    studio.clock.advance(turn < 6 ? 61_000 : 17 * 60_000);
  }
  await studio.turnSchedulers();
}

/** The oracle: reads provider state alone, but for which maps are visibly waiting for a person. */
async function complaintsOf(studio: Studio, deeds: Deeds): Promise<string[]> {
  const complaints: string[] = [];
  const maps = await studio.maps();
  const waiting = maps.filter(({ status }) => status === "held" || status === "conflict" || status === "error");
  const rows = await studio.appointments();
  const events = [...(await studio.events(BAY_1)).filter(isManaged), ...(await studio.events(BAY_2)).filter(isManaged)];
  for (const row of rows) {
    const id = String(row["AppointmentID"]);
    if (waiting.some((map) => map.bookingId === id)) continue;
    const shown = events.filter((event) => nameOf(event) === id);
    const live = row["StatusID"] === 1;
    if (shown.length !== (live ? 1 : 0)) {
      complaints.push(`appointment ${id} (status ${row["StatusID"]}) has ${shown.length} events`);
      continue;
    }
    const [event] = shown;
    if (event === undefined) continue;
    const start = String(event.start.dateTime).slice(0, 19);
    if (start !== row["StartTime"]) complaints.push(`appointment ${id} at ${row["StartTime"]}, its event at ${start}`);
    const bay = event.extendedProperties?.private?.["bay"];
    if (row["ResourceName"] !== undefined && row["ResourceName"] !== `Bay ${bay}`)
      complaints.push(`appointment ${id} on ${row["ResourceName"]}, its event on bay ${bay}`);
  }
  for (const event of events) {
    if (!rows.some((row) => String(row["AppointmentID"]) === nameOf(event)))
      complaints.push(`event ${event.id} shows no appointment`);
  }
  complaints.push(...(await wrongfulCancels(studio, rows, deeds)));
  const before = studio.counts.writes;
  await studio.turnSchedulers();
  if (studio.counts.writes !== before) complaints.push(`a further cycle made ${studio.counts.writes - before} writes`);
  return complaints;
}

/** Every cancelled appointment: by staff, by a deleted event, or because it lives on under a new id. */
async function wrongfulCancels(studio: Studio, rows: Record<string, unknown>[], deeds: Deeds): Promise<string[]> {
  const complaints: string[] = [];
  for (const row of rows.filter((each) => each["StatusID"] === 9)) {
    const id = String(row["AppointmentID"]);
    if (deeds.cancelled.has(id) || String(row["Description"]).includes("[lockstep")) continue;
    const booking = await studio.booking(id);
    if (booking?.supersededBy !== undefined) continue;
    if ([id, ...(booking?.formerIds ?? [])].some((each) => deeds.deletedEvents.has(each))) continue;
    complaints.push(`appointment ${id} was cancelled without anybody having asked for it`);
  }
  return complaints;
}

function isManaged(event: GoogleEvent): boolean {
  return event.extendedProperties?.private?.["loftSyncManaged"] === "true";
}

function nameOf(event: GoogleEvent): string {
  return event.extendedProperties?.private?.["uscheduleAppointmentId"] ?? "";
}

function die(trouble: Trouble): never {
  trouble.dead = true;
  throw new Death("the worker is dead");
}

function troubledFetch(
  fetchIt: typeof fetch,
  random: Dice,
  trouble: Trouble,
  tell: (line: string) => void,
): typeof fetch {
  const faults = [
    "status=503",
    "status=429;retry-after=1",
    "timeout-before",
    "timeout-after",
    "timeout-after",
    "status=401",
    "status-after=500",
    "status=403",
    "cut",
    "garbled",
    "html",
    "truncate",
    "empty",
    "no-body",
    "expire-sync-token",
    "unclear-status",
    "free-busy",
  ];
  return async (input, init) => {
    if (trouble.dead) die(trouble);
    if (!trouble.on) return fetchIt(input, init);
    if (random.chance(0.02)) {
      tell("    † the worker dies before a call");
      die(trouble);
    }
    const url = String(input instanceof Request ? input.url : input);
    const headers = new Headers(input instanceof Request ? input.headers : init?.headers);
    if (random.chance(0.06)) {
      const fault = random.pick(faults) ?? "";
      tell(`    ! ${fault} on ${init?.method ?? "GET"} ${url.slice(15, 90)}`);
      headers.set("x-sandbox-fault", fault);
    }
    const answer = await fetchIt(input, { ...init, headers });
    if (random.chance(0.02)) {
      tell(`    † the worker dies after ${init?.method ?? "GET"} ${url.slice(15, 90)}`);
      die(trouble);
    }
    return answer;
  };
}

function troubledStores(
  stores: StoreFactory,
  random: Dice,
  trouble: Trouble,
  tell: (line: string) => void,
): StoreFactory {
  return {
    close: () => stores.close(),
    workspace(name): DocumentStore {
      const store = stores.workspace(name);
      return {
        ...store,
        async commit(writes) {
          if (trouble.dead) die(trouble);
          if (!trouble.on) return store.commit(writes);
          if (random.chance(0.02)) die(trouble);
          if (random.chance(0.02)) throw new LockstepError("STORE_UNAVAILABLE", { detail: "as the history wants it" });
          const versions = await store.commit(writes);
          if (random.chance(0.02)) {
            tell("    † the worker dies after a commit");
            die(trouble);
          }
          return versions;
        },
      };
    },
  };
}
