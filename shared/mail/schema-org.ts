import type { PlainDate } from "../sync/time.ts";
import { plainDate } from "./calendar-date.ts";
import { tidy } from "./fold.ts";
import type { MicroItem } from "./microdata.ts";
import { personName } from "./person-name.ts";

/** What a mail's own markup states of a stay (schema.org `LodgingReservation`). */
export interface MarkedUp {
  readonly status: "confirmed" | "cancelled" | "other" | null;
  readonly guestName: string | null;
  readonly checkIn: PlainDate | null;
  readonly checkOut: PlainDate | null;
  readonly code: string | null;
  readonly property: string | null;
  readonly guestCount: number | null;
}

type Node = Readonly<Record<string, unknown>>;

const MAX_NODES = 300;

/** The one lodging reservation the markup holds; null where it holds none or several. */
export function markedUpStay(jsonLd: readonly string[], items: readonly MicroItem[]): MarkedUp | null {
  const nodes = [...jsonLd.flatMap(nodesOf), ...items.map(asNode)].flatMap((node) => reservationsIn(node));
  const [only, ...others] = nodes;
  if (only === undefined) return null;
  const stay = readReservation(only);
  // Templates repeat one reservation as JSON and as microdata.
  return others.every((other) => sameStay(readReservation(other), stay)) ? stay : null;
}

function nodesOf(text: string): Node[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(isNode).slice(0, MAX_NODES);
  } catch {
    return [];
  }
}

function reservationsIn(node: Node): Node[] {
  const graph = node["@graph"];
  if (Array.isArray(graph)) return graph.slice(0, MAX_NODES).filter(isNode).filter(isLodging);
  return isLodging(node) ? [node] : [];
}

function isLodging(node: Node): boolean {
  return [node["@type"]].flat().some((type) => typeof type === "string" && /LodgingReservation$/.test(type));
}

function readReservation(node: Node): MarkedUp {
  const who = node["underName"];
  const where = node["reservationFor"];
  return {
    status: statusOf(text(node["reservationStatus"])),
    guestName: personName(text(isNode(who) ? who["name"] : who)),
    checkIn: dateOf(node["checkinDate"]) ?? dateOf(node["checkinTime"]),
    checkOut: dateOf(node["checkoutDate"]) ?? dateOf(node["checkoutTime"]),
    code: text(node["reservationNumber"]) || text(node["reservationId"]) || null,
    property: text(isNode(where) ? where["name"] : where) || null,
    guestCount: countOf(node),
  };
}

function statusOf(status: string): MarkedUp["status"] {
  if (status === "") return null;
  if (/Confirmed$/i.test(status)) return "confirmed";
  return /Cancell?ed$/i.test(status) ? "cancelled" : "other";
}

function dateOf(value: unknown): PlainDate | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text(value)) ?? [];
  return year === undefined ? null : plainDate(Number(year), Number(month), Number(day));
}

function countOf(node: Node): number | null {
  const adults = numberOf(node["numAdults"]);
  const all = numberOf(node["partySize"]);
  return adults === null ? all : adults + (numberOf(node["numChildren"]) ?? 0);
}

function numberOf(value: unknown): number | null {
  const plain = isNode(value) ? value["value"] : value;
  const number = Number.parseInt(text(plain), 10);
  return number > 0 && number < 300 ? number : null;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? tidy(String(value)) : "";
}

function asNode(item: MicroItem): Node {
  const properties = Object.entries(item.properties).map(([name, value]) => [
    name,
    typeof value === "string" ? value : asNode(value),
  ]);
  return { "@type": item.type, ...Object.fromEntries(properties) };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameStay(a: MarkedUp, b: MarkedUp): boolean {
  return a.code === b.code && a.checkIn === b.checkIn && a.checkOut === b.checkOut;
}
