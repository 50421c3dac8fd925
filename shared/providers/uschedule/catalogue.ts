import { LockstepError } from "../../errors.ts";
import { brokenAnswer } from "./failures.ts";
import { CatalogueRow, type Settings } from "./schema.ts";
import type { Session } from "./session.ts";

/** What is looked up rarely: rooms by name, where and what is booked. */
export interface Catalogue {
  /** The ResourceUnitID of a room. Throws UNKNOWN_RESOURCE. */
  unitId(resource: string): Promise<number>;
  /** Names by ResourceUnitID. */
  names(): Promise<ReadonlyMap<string, string>>;
  locationId(): Promise<number>;
  serviceId(): Promise<number>;
  /** What was read is read again: an order made from it was refused. */
  forget(): void;
}

const ACTIVE = 1;

/** Read once by each instance; a room not found is looked up again, it may be new. */
export function openCatalogue(session: Session, settings: Settings): Catalogue {
  let units: Promise<ReadonlyMap<string, string>> | undefined;
  const places = new Map<string, Promise<number>>();

  function readUnitsOnce(anew: boolean): Promise<ReadonlyMap<string, string>> {
    if (units === undefined || anew) {
      const read = readUnits(session);
      units = read;
      read.catch(() => {
        if (units === read) units = undefined;
      });
    }
    return units;
  }

  function firstActive(method: string): Promise<number> {
    const known = places.get(method);
    if (known !== undefined) return known;
    const read = readFirstActive(session, method);
    places.set(method, read);
    read.catch(() => places.delete(method));
    return read;
  }

  return {
    names: () => readUnitsOnce(false),
    async unitId(resource) {
      const found = idOf(resource, await readUnitsOnce(false)) ?? idOf(resource, await readUnitsOnce(true));
      if (found === undefined) throw unknownResource(resource);
      return found;
    },
    locationId: async () => settings.locationId ?? firstActive("locations"),
    serviceId: async () => settings.serviceId ?? firstActive("services"),
    forget() {
      units = undefined;
      places.clear();
    },
  };
}

function idOf(resource: string, names: ReadonlyMap<string, string>): number | undefined {
  const wanted = resource.trim();
  const found = [...names].find(([, name]) => name === wanted);
  return found === undefined ? undefined : Number(found[0]);
}

/** Bookings are made on units; where an account has none listed, its resources are their own units. */
async function readUnits(session: Session): Promise<ReadonlyMap<string, string>> {
  const units = await readCatalogue(session, "resourceunits");
  const rows = units.length > 0 ? units : await readCatalogue(session, "resources");
  return new Map(rows.flatMap((row) => nameOf(row).map((name) => [row.Id, name] as const)));
}

function nameOf({ NickName, Description, Name }: CatalogueRow): string[] {
  const name = [Description, Name, NickName].find((text) => text != null && text.trim() !== "");
  return name == null ? [] : [name.trim()];
}

async function readFirstActive(session: Session, method: string): Promise<number> {
  const rows = await readCatalogue(session, method);
  const row = rows.find(({ StatusID }) => StatusID == null || StatusID === ACTIVE);
  if (row === undefined) throw brokenAnswer(method, "it has no active row");
  return Number(row.Id);
}

async function readCatalogue(session: Session, method: string): Promise<CatalogueRow[]> {
  const answer = await session.json({ method, repeatable: true });
  if (!Array.isArray(answer)) throw brokenAnswer(method, "it is no list");
  return answer.flatMap((item: unknown) => {
    const row = CatalogueRow.safeParse(item);
    return row.success ? [row.data] : [];
  });
}

function unknownResource(resource: string): LockstepError {
  return new LockstepError("UNKNOWN_RESOURCE", { detail: `USchedule has no resource unit called ${resource}.` });
}
