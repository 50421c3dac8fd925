import { LockstepError } from "../errors.ts";
import { systemClock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { lazyPublisher, lazySecrets } from "./lazy-clients.ts";
import { required } from "./oidc.ts";
import type { CloudWorld } from "./wire.ts";

/**
 * The world of a function whose `function.yaml` says `configuration: none`: a push is proven and routed from its own text,
 * so neither the configuration, nor providers, nor the store are there, and a start does not pay for them.
 */
export function wireEdge(environment: Readonly<Record<string, string | undefined>>, log: Log): CloudWorld {
  const projectId = required(environment, "GOOGLE_CLOUD_PROJECT", "whose Pub/Sub and secrets are used");
  const publisher = lazyPublisher(async () => (await import("./pubsub-publisher.ts")).openPubsubPublisher(projectId));
  const secrets = lazySecrets(async () =>
    (await import("./edge-secrets.ts")).openEdgeSecrets({ projectId, clock: systemClock }),
  );
  const world = {
    ...{ log, publisher, secrets },
    config: { workspaces: {} },
    clock: systemClock,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
    publicUrl: "",
    ...{ store: refuse, calendar: refuse, calendarAccount: refuse, source: refuse, label: refuse, fetch: refuse },
    mailboxes: refuse,
  };
  return { world, close: () => publisher.close() };
}

function refuse(): never {
  throw new LockstepError("CONFIG_INVALID", { detail: "function.yaml says that this function has no configuration." });
}
