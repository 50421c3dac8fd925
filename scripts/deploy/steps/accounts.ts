import { z } from "zod";
import { accountId, accountOf, type Installation, PUSH_ACCOUNT, SCHEDULER_ACCOUNT } from "../installation.ts";
import { gcloud, SAME, type Step } from "../step.ts";

const Accounts = z.array(z.object({ email: z.string() }));

/** One service account for each function, one that Pub/Sub pushes as, one that Scheduler calls as. */
export function accountSteps(installation: Installation): Step[] {
  const callers: readonly (readonly [string, string])[] = [
    [PUSH_ACCOUNT, "Pushes messages of Lockstep's topics"],
    [SCHEDULER_ACCOUNT, "Calls Lockstep's scheduled functions"],
  ];
  const functions = [...installation.functions].map(([name, { does }]) => accountStep(installation, name, does, name));
  return [...functions, ...callers.map(([name, does]) => accountStep(installation, name, does))];
}

/** Google's limit for a description is 256 characters. */
function accountStep(installation: Installation, name: string, does: string, of?: string): Step {
  const { project } = installation;
  return {
    group: "accounts",
    name: `service account ${accountId(name)}`,
    ...(of !== undefined && { of }),
    async compare(look) {
      const found = Accounts.parse((await look("iam", "service-accounts", "list", `--project=${project}`)) ?? []);
      if (found.some(({ email }) => email === accountOf(installation, name))) return SAME;
      const words = [`--display-name=Lockstep ${name}`, `--description=${does.slice(0, 256)}`, `--project=${project}`];
      return { kind: "create", commands: [gcloud("iam", "service-accounts", "create", accountId(name), ...words)] };
    },
  };
}
