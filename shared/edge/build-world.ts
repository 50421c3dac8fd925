import {
  type AccountConfig,
  calendarAccountNamed,
  calendarAccountOf,
  sourceAccountOf,
  timeZoneOfSource,
  workspaceOf,
  zoneOfAccount,
} from "../config.ts";
import { LockstepError } from "../errors.ts";
import { propertyNames } from "../flows/marker.ts";
import type { World } from "../flows/world.ts";
import type { BookingSource } from "../ports/booking-source.ts";
import type { Calendar } from "../ports/calendar.ts";
import type { Mailboxes } from "../ports/mailbox.ts";
import type { Connection, Provider } from "../ports/provider.ts";
import type { StoreFactory } from "../ports/store.ts";
import { sourceMemory } from "./source-memory.ts";

type Given = "config" | "clock" | "newId" | "log" | "publisher" | "secrets" | "publicUrl";

/** What a world is built of; cloud, one machine, simulation and tests differ in nothing else. */
export interface Backing extends Pick<World, Given> {
  readonly stores: StoreFactory;
  readonly providers: Readonly<Record<string, Provider>>;
  /** Where provider roots are overridden, by the variable each provider names (`GOOGLE_API_ROOT`). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
}

/** A world whose stores and provider connections are opened at first need and kept. */
export function buildWorld(backing: Backing): World {
  const { config, clock, newId, log, publisher, secrets, publicUrl, stores } = backing;
  const store = kept((ws: string) => {
    workspaceOf(config, ws);
    return stores.workspace(ws);
  });
  const calendarAccount = kept((ws: string, name: string, zone: string) => openCalendar(backing, ws, name, zone));
  const source = kept((ws: string, name: string) => openSource(backing, ws, name));
  const mailboxes = kept((ws: string) => openMailboxes(backing, ws));
  return {
    ...{ config, clock, newId, log, publisher, secrets, publicUrl, store, source, mailboxes, fetch: backing.fetch },
    calendar: (ws, calendarId) => {
      const { name, timeZone } = calendarAccountOf(workspaceOf(config, ws), calendarId);
      return calendarAccount(ws, name, timeZone);
    },
    calendarAccount: (ws, name) => calendarAccount(ws, name, zoneOfAccount(workspaceOf(config, ws), name)),
    label: (ws, of) => labelOf(backing, ws, of),
  };
}

/** Opens every connection of the configuration, without a call. Throws CONFIG_INVALID where one lacks what it needs. */
export function openConnections(world: World): void {
  for (const [ws, { resources, mailbox }] of Object.entries(world.config.workspaces)) {
    if (mailbox !== undefined) world.mailboxes(ws);
    for (const { source, calendar } of Object.values(resources)) {
      world.source(ws, source);
      world.calendar(ws, calendar);
    }
  }
}

function openCalendar(backing: Backing, ws: string, name: string, timeZone: string): Calendar {
  const account = calendarAccountNamed(workspaceOf(backing.config, ws), name);
  const provider = providerOf(backing, account);
  if (provider.kind !== "calendar") {
    throw new LockstepError("CONFIG_INVALID", { detail: `${account.provider} is no calendar (${name} of ${ws}).` });
  }
  const properties = propertyNames(workspaceOf(backing.config, ws));
  return provider.connect({ ...connectionOf(backing, provider, account, timeZone), properties });
}

function openSource(backing: Backing, ws: string, name: string): BookingSource {
  const workspace = workspaceOf(backing.config, ws);
  const account = sourceAccountOf(workspace, name);
  const provider = providerOf(backing, account);
  if (provider.kind !== "source") {
    throw new LockstepError("CONFIG_INVALID", { detail: `${account.provider} is no source (${name} of ${ws}).` });
  }
  const memory = sourceMemory(() => backing.stores.workspace(ws), name, backing.newId);
  const connection = connectionOf(backing, provider, account, timeZoneOfSource(workspace, name));
  return provider.connect({ ...connection, memory });
}

function openMailboxes(backing: Backing, ws: string): Mailboxes {
  const account = workspaceOf(backing.config, ws).mailbox;
  if (account === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: `lockstep.config.yaml names no mailbox provider for ${ws}.` });
  }
  const provider = providerOf(backing, account);
  if (provider.kind !== "mailbox") {
    throw new LockstepError("CONFIG_INVALID", { detail: `${account.provider} has no mailboxes (mailbox of ${ws}).` });
  }
  return provider.connect(connectionOf(backing, provider, account, "UTC"));
}

function connectionOf(
  backing: Backing,
  provider: Provider,
  account: AccountConfig,
  timeZone: string,
): Connection<unknown> {
  const { secrets, clock, fetch } = backing;
  const root = backing.environment[provider.root.variable] ?? provider.root.url;
  return {
    settings: provider.settings.parse(account.settings),
    root: root.replace(/\/+$/, ""),
    timeZone,
    secrets,
    clock,
    fetch,
  };
}

function labelOf(
  backing: Backing,
  ws: string,
  of: { readonly source: string } | { readonly calendar: string },
): string {
  const workspace = workspaceOf(backing.config, ws);
  const account =
    "source" in of ? sourceAccountOf(workspace, of.source) : calendarAccountOf(workspace, of.calendar).account;
  return providerOf(backing, account).label;
}

function providerOf(backing: Backing, account: AccountConfig): Provider {
  const provider = backing.providers[account.provider];
  if (provider === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: `There is no provider ${account.provider}.` });
  }
  return provider;
}

function kept<Keys extends readonly string[], T>(open: (...keys: Keys) => T): (...keys: Keys) => T {
  const opened = new Map<string, T>();
  return (...keys) => {
    const key = keys.join("\n");
    const value = opened.get(key) ?? open(...keys);
    opened.set(key, value);
    return value;
  };
}
