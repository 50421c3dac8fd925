import type { Clock } from "../../ports/clock.ts";
import type { Connection } from "../../ports/provider.ts";
import { type Catalogue, openCatalogue } from "./catalogue.ts";
import type { Settings } from "./schema.ts";
import { openSession, type Session } from "./session.ts";

/** One USchedule account, as every part of this provider uses it. */
export interface Studio {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly settings: Settings;
  /** The studio's zone; USchedule's times have none. */
  readonly timeZone: string;
  readonly clock: Clock;
}

export function openStudio(connection: Connection<Settings>): Studio {
  const session = openSession(connection);
  const { settings, timeZone, clock } = connection;
  return { session, catalogue: openCatalogue(session, settings), settings, timeZone, clock };
}
