import { openFirestoreStores } from "../../shared/cloud/firestore-store.ts";
import { openSecretManager } from "../../shared/cloud/secret-manager.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { timedFetch } from "../../shared/edge/timed-fetch.ts";
import type { World } from "../../shared/flows/world.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type Installation, publicUrlOf } from "../deploy/installation.ts";

/** A deployed installation seen from a person's own machine, by the credentials of `gcloud auth application-default login`. */
export function openLiveWorld(installation: Installation, environment: NodeJS.ProcessEnv): World {
  const { project: projectId, config } = installation;
  return buildWorld({
    config,
    clock: systemClock,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
    log: { write: () => {} },
    publisher: { publish: refuse, close: async () => {} },
    secrets: openSecretManager({ projectId, clock: systemClock }),
    stores: openFirestoreStores({ projectId }),
    providers: PROVIDERS,
    environment,
    fetch: timedFetch(globalThis.fetch),
    publicUrl: publicUrlOf(installation),
  });
}

/** Who only looks tells nobody anything. */
function refuse(): never {
  throw new Error("The doctor publishes nothing.");
}
