import type { World } from "../../shared/flows/world.ts";
import { credentialsOf, operatingSecrets, ownSecrets } from "../deploy/secret-names.ts";
import type { Finding } from "./finding.ts";
import { illness } from "./remedies.ts";

/** Whether every secret that the configuration needs has a value. The value itself is looked at by whoever uses it. */
export function checkSecrets({ secrets, config }: World): Promise<Finding[]> {
  const credentials = credentialsOf(config, ["sources", "calendars", "mailbox"]);
  const names = new Set([...ownSecrets(config), ...credentials, ...operatingSecrets(config)]);
  return Promise.all(
    [...names].map(async (name): Promise<Finding> => {
      const about = `secret ${name}`;
      try {
        const value = await secrets.read(name);
        if (value.trim() !== "") return { kind: "well", about, says: "it has a value" };
        return { kind: "ill", about, says: "it is empty", remedy: "Add a version with its value." };
      } catch (error) {
        return illness(about, error);
      }
    }),
  );
}
