import type { Shown } from "./evidence.ts";

/** What the API answers, of which only these fields are read. */
interface Listed {
  readonly items?: readonly {
    readonly appointmentId?: string;
    readonly status?: string;
    readonly kind?: string;
    readonly key?: string;
    readonly bookingKey?: string;
    readonly resource?: string;
    readonly nextAttempt?: string | null;
  }[];
  readonly next?: string | null;
}

const WAITING = ["held", "conflict"];
const MAX_PAGES = 20;

/** Looks at what a person sees over the operations API, as a person would: page by page. */
export async function lookAtApi(api: (path: string) => Promise<unknown>): Promise<Shown> {
  const waiting = new Set<string>();
  const givenUp = new Set<string>();
  const asked = new Set<string>();
  for (const item of await allPages(api, "/event-maps")) {
    if (WAITING.includes(item.status ?? "")) waiting.add(item.appointmentId ?? "");
    if (item.status === "held") asked.add(item.appointmentId ?? "");
    if (item.status === "error") givenUp.add(item.appointmentId ?? "");
  }
  const quarantined: string[] = [];
  const reviews = new Map<string, { kind: string; text: string }[]>();
  for (const item of await allPages(api, "/review-items?status=all")) {
    if (item.kind === "quarantined") quarantined.push(JSON.stringify(item));
    const id = (item.key ?? "").split(":").at(-1) ?? "";
    if (item.status === "open") asked.add(id);
    reviews.set(id, [...(reviews.get(id) ?? []), { kind: item.kind ?? "", text: JSON.stringify(item) }]);
  }
  const explained = async (id: string) => JSON.stringify(await api(`/explain/${encodeURIComponent(`source:${id}`)}`));
  const setAside = (id: string) => quarantined.some((text) => text.includes(id));
  return { waiting, asked, givenUp, reviews, setAside, explained };
}

/** The maps that the API shows as waiting for their next look, as documents are named. */
export async function parkedMaps(api: (path: string) => Promise<unknown>): Promise<ReadonlySet<string>> {
  const maps = await allPages(api, "/event-maps");
  const waits = maps.filter(({ nextAttempt }) => nextAttempt !== null && nextAttempt !== undefined);
  return new Set(waits.map(({ bookingKey, resource }) => `eventMaps/${bookingKey}~${resource}`));
}

async function allPages(api: (path: string) => Promise<unknown>, path: string): Promise<NonNullable<Listed["items"]>> {
  const items: NonNullable<Listed["items"]>[number][] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const mark = path.includes("?") ? "&" : "?";
    // Proof: the shape that the API's own tests hold it to.
    const listed = (await api(
      after === undefined ? path : `${path}${mark}after=${encodeURIComponent(after)}`,
    )) as Listed;
    items.push(...(listed.items ?? []));
    if (listed.next === null || listed.next === undefined) break;
    after = listed.next;
  }
  return items;
}
