import { loadDeployedConfig } from "../config-json.ts";
import { buildWorld, openConnections } from "../edge/build-world.ts";
import { timedFetch } from "../edge/timed-fetch.ts";
import { LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import { systemClock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Secrets } from "../ports/secrets.ts";
import { PROVIDERS } from "../providers/registry.ts";
import { lazyPublisher, lazySecrets, lazyStores } from "./lazy-clients.ts";
import { required } from "./oidc.ts";

/** A world in the cloud, and how to let go of what it opened. */
export interface CloudWorld {
  readonly world: World;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Wires a world from the environment: Firestore, Pub/Sub, Secret Manager and the configuration in
 * `LOCKSTEP_CONFIG`. Throws CONFIG_INVALID at once where anything is missing or wrong, never on the first message.
 */
export function wireWorld(environment: Environment, log: Log): CloudWorld {
  const cloud = wire(environment, log, async (projectId) =>
    (await import("./secret-manager.ts")).openSecretManager({ projectId, clock: systemClock }),
  );
  openConnections(cloud.world);
  return cloud;
}

/** The same for a function that connects to no provider (`configuration: routes`): then none is loaded at its start. */
export function wireRoutes(environment: Environment, log: Log): CloudWorld {
  return wire(environment, log, async (projectId) =>
    (await import("./edge-secrets.ts")).openEdgeSecrets({ projectId, clock: systemClock }),
  );
}

function wire(environment: Environment, log: Log, openSecrets: (projectId: string) => Promise<Secrets>): CloudWorld {
  const projectId = required(environment, "GOOGLE_CLOUD_PROJECT", "whose Firestore, Pub/Sub and secrets are used");
  const file = required(environment, "LOCKSTEP_CONFIG", "the file that says what is kept in step with what");
  const stores = lazyStores(async () => (await import("./firestore-store.ts")).openFirestoreStores({ projectId }));
  const publisher = lazyPublisher(async () => (await import("./pubsub-publisher.ts")).openPubsubPublisher(projectId));
  const secrets = lazySecrets(() => openSecrets(projectId));
  const world = buildWorld({
    ...{ log, publisher, secrets, stores, environment },
    config: loadDeployedConfig(file),
    clock: systemClock,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
    providers: PROVIDERS,
    // Named only when it is called: naming it loads it.
    fetch: timedFetch((input, init) => fetch(input, init)),
    publicUrl: publicUrlOf(environment),
  });
  return {
    world,
    close: async () => {
      await Promise.all([publisher.close(), stores.close()]);
    },
  };
}

/** Without one nobody can push to us; then `watch-renewal` does not start (its `requires`). */
function publicUrlOf({ PUBLIC_URL: url }: Environment): string {
  if (url !== undefined && !/^https:\/\/[^/]+(\/.*)?$/.test(url)) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: "The environment variable PUBLIC_URL must be an https address.",
    });
  }
  return (url ?? "").replace(/\/+$/, "");
}
