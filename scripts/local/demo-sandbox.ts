import { type Config, timeZoneOfSource } from "../../shared/config.ts";
import { keysOf } from "../../shared/edge/key-list.ts";
import { webhookSecretName } from "../../shared/edge/webhook-signature.ts";
import type { Clock, NewId } from "../../shared/ports/clock.ts";
import type { SecretReader } from "../../shared/ports/secrets.ts";
import { type RunningSandbox, startSandbox } from "../sandbox/sandbox.ts";
import { seedDemo } from "../sandbox/seed-demo.ts";

export interface DemoSandboxParts {
  readonly port: number;
  readonly folder: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly config: Config;
  /** Of the gateway, where webhooks go. */
  readonly gatewayUrl: string;
  readonly secrets: SecretReader;
}

/** The simulated providers with demo data; USchedule, the booking system and a relay beside OSM send webhooks to our gateway, signed as agreed. */
export async function openDemoSandbox(parts: DemoSandboxParts): Promise<RunningSandbox> {
  const { port, folder, clock, newId, config } = parts;
  const place = accountOf(config, "uschedule");
  const town = accountOf(config, "booking-api");
  const camp = accountOf(config, "osm");
  const webhook = place === undefined ? undefined : await webhookTo(parts, place);
  const sandbox = await startSandbox({
    ...{ port, clock, newId, dataDir: folder },
    ...(webhook === undefined ? {} : { webhook }),
  });
  const timeZone = place?.timeZone;
  if (timeZone !== undefined) {
    sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone }));
  }
  if (town !== undefined) {
    const [bookingTimeZone, bookingWebhook] = [town.timeZone, await webhookTo(parts, town)];
    sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), bookingTimeZone, bookingWebhook }));
  }
  if (camp !== undefined) {
    const osmWebhook = await webhookTo(parts, camp);
    sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), osmWebhook }));
  }
  seedDemo(sandbox);
  return sandbox;
}

interface Place {
  readonly ws: string;
  readonly source: string;
  /** In which the sandbox's local times are meant. */
  readonly timeZone: string;
}

/** The one account that the simulation of a provider plays; undefined where the configuration has none. */
function accountOf(config: Config, provider: string): Place | undefined {
  return Object.entries(config.workspaces).flatMap(([ws, workspace]) =>
    Object.entries(workspace.sources)
      .filter(([, account]) => account.provider === provider)
      .map(([source]) => ({ ws, source, timeZone: timeZoneOfSource(workspace, source) })),
  )[0];
}

async function webhookTo({ gatewayUrl, secrets }: DemoSandboxParts, { ws, source }: Place) {
  const [newest = ""] = keysOf(await secrets.read(webhookSecretName(ws, source)));
  return { url: `${gatewayUrl}/booking-webhook/${ws}/${source}`, secret: newest };
}
