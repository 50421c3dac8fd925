import { OUTLOOK_1, townConfig } from "../../scripts/sim/studio/studio-config.ts";
import { type Json, openRunningStudio, type Studio } from "../flows/studio.ts";
import { work } from "./clockwork.ts";
import { openWire, type Wire } from "./wire.ts";

/** A town's rooms as its people know them: reservations at the booking system, meetings at Outlook. */
export interface OutlookTown {
  readonly studio: Studio;
  readonly wire: Wire;
}

export interface RoomEvent {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  /** Instants. */
  readonly start: string;
  readonly end: string;
  readonly isAllDay: boolean;
  /** Named properties by their names. */
  readonly marks: Readonly<Record<string, string>>;
}

const PROPERTY = "String {8f2d6c1e-5b7a-4e0d-9c43-1a6e7d2b9f50} Name ";

/** Two rooms, connected and watched, without reservations. `options` are the sandbox's. */
export async function openOutlookTown(options: Json = {}): Promise<OutlookTown> {
  const wire = openWire();
  const studio = await openRunningStudio({
    config: townConfig({}, "outlook"),
    fetch: wire.fetch,
    stores: wire.stores,
  });
  await studio.call("POST", "/sandbox/options", options);
  wire.calls();
  return { studio, wire };
}

/** Live events of a room of which no person is the owner, as they truly are. */
export async function ourEvents(studio: Studio, room = OUTLOOK_1): Promise<RoomEvent[]> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/graph/show-state.ts`).
  const { graph } = (await studio.call("GET", "/sandbox/state")) as { graph: { mailboxes: Mailbox[] } };
  const events = graph.mailboxes.find(({ email }) => email === room)?.events ?? [];
  return events
    .filter(({ deleted }) => !deleted)
    .flatMap((event) => {
      const { immutableId: id, subject, body, start, end, isAllDay, properties } = event;
      const marks = Object.entries(properties).map(([name, value]) => [name.replace(PROPERTY, ""), value]);
      return marks.length === 0
        ? []
        : [{ id, subject, text: body.content, start, end, isAllDay, marks: Object.fromEntries(marks) }];
    });
}

interface Mailbox {
  readonly email: string;
  readonly events: readonly {
    readonly immutableId: string;
    readonly deleted: boolean;
    readonly subject: string;
    readonly body: { readonly content: string };
    readonly start: string;
    readonly end: string;
    readonly isAllDay: boolean;
    readonly properties: Readonly<Record<string, string>>;
  }[];
}

/** Somebody at Outlook: `drag`, `edit`, `delete` and the like. */
export function atOutlook(studio: Studio, action: string, body: Json): Promise<Json> {
  return studio.call("POST", `/sandbox/graph/${action}`, { room: OUTLOOK_1, ...body });
}

/** What was told meanwhile is worked on until all is quiet. */
export async function quiet({ studio, wire }: OutlookTown, act?: Promise<unknown>): Promise<void> {
  await act;
  await work(studio, wire);
}
