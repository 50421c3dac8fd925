import { z } from "zod";
import type { Installation } from "../installation.ts";
import { type Command, firstDifference, gcloud, SAME, type Step } from "../step.ts";

const Database = z.object({
  type: z.string(),
  locationId: z.string(),
  deleteProtectionState: z.string().optional(),
});

/** The database, and what rules and indexes it has. */
export function firestoreSteps(installation: Installation): Step[] {
  return [databaseStep(installation), rulesStep(installation)];
}

const NAME = "--database=(default)";

function databaseStep({ project, region }: Installation): Step {
  const on = [NAME, `--project=${project}`];
  return {
    group: "firestore",
    name: "Firestore database",
    async compare(look) {
      const found = await look("firestore", "databases", "describe", ...on);
      if (found === undefined) {
        const kind = ["--edition=standard", "--type=firestore-native", "--delete-protection"];
        const command = gcloud("firestore", "databases", "create", ...on, `--location=${region}`, ...kind);
        return { kind: "create", commands: [command] };
      }
      const { type, deleteProtectionState } = Database.parse(found);
      if (type !== "FIRESTORE_NATIVE") {
        throw new Error(`The database of ${project} is in Datastore mode. Remedy: use another project.`);
      }
      const why = firstDifference([["delete protection", deleteProtectionState, "DELETE_PROTECTION_ENABLED"]]);
      const mend = gcloud("firestore", "databases", "update", ...on, "--delete-protection");
      return why === undefined ? SAME : { kind: "change", why, commands: [mend] };
    },
  };
}

/**
 * Rules, indexes, exemptions and TTL stand in two files that `firebase-tools` applies as a whole. It compares by itself;
 * an index that is no longer named stays, since removing one is a decision of its own.
 */
function rulesStep({ project }: Installation): Step {
  const apply: Command = {
    program: "firebase",
    args: ["deploy", "--only", "firestore:rules,firestore:indexes", "--project", project, "--non-interactive"],
  };
  return {
    group: "firestore",
    name: "rules, indexes and TTL",
    compare: async () => ({ kind: "apply", why: "firebase-tools compares by itself", commands: [apply] }),
  };
}
