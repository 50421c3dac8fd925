import { join } from "node:path";
import type { Plugin } from "esbuild";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";

/** Which file of `shared/cloud` speaks to what a role opens. */
const CLIENTS: Readonly<Record<string, string>> = {
  "firestore-store.ts": "roles/datastore.user",
  "pubsub-publisher.ts": "roles/pubsub.publisher",
  "edge-secrets.ts": "roles/secretmanager.secretAccessor",
  "secret-manager.ts": "roles/secretmanager.secretAccessor",
};

/**
 * A function that has no role for a service has no client for it either: its bundle gets, in the client's place, the
 * refusal it would meet in the cloud. What a function may do thus stands in one place, `function.yaml`.
 */
export function undeclaredClients(root: string, { roles }: FunctionFile): Plugin {
  const held = new Set(roles.map(({ role }) => role));
  const missing = Object.entries(CLIENTS).filter(([, role]) => !held.has(role));
  const roleOf = new Map(missing.map(([file, role]) => [join(root, "shared", "cloud", file), role]));
  return {
    name: "undeclared-clients",
    setup(build) {
      build.onLoad({ filter: /[\\/]shared[\\/]cloud[\\/][a-z-]+\.ts$/ }, ({ path }) => {
        const role = roleOf.get(path);
        return role === undefined ? undefined : { contents: refusalFor(role), resolveDir: root, loader: "ts" };
      });
    },
  };
}

function refusalFor(role: string): string {
  return `
    import { LockstepError } from "./shared/errors.ts";
    function refuse(): never {
      throw new LockstepError("CONFIG_INVALID", { detail: "function.yaml gives this function no ${role}." });
    }
    export const openFirestoreStores = refuse, openPubsubPublisher = refuse;
    export const openEdgeSecrets = refuse, openSecretManager = refuse;`;
}
