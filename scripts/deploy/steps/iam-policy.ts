import { z } from "zod";

/** What `get-iam-policy --format=json` answers; a policy that nobody touched has no bindings. */
export const Policy = z.object({
  bindings: z
    .array(
      z.object({
        role: z.string(),
        members: z.array(z.string()).default([]),
        condition: z.object({ title: z.string(), expression: z.string() }).optional(),
      }),
    )
    .default([]),
});
export type Policy = z.infer<typeof Policy>;

/** One member's role on one thing, under a condition by its title. */
export interface Grant {
  readonly member: string;
  readonly role: string;
  readonly condition?: { readonly title: string; readonly expression: string };
}

/** Whether a policy grants exactly this. */
export function grants(policy: Policy, { member, role, condition }: Grant): boolean {
  return policy.bindings.some(
    (binding) =>
      binding.role === role &&
      binding.members.includes(member) &&
      binding.condition?.expression === condition?.expression,
  );
}

/** As gcloud takes it; `None` says that there is none, or it asks. */
export function conditionFlag({ condition }: Grant): string {
  return condition === undefined
    ? "--condition=None"
    : `--condition=^#^expression=${condition.expression}#title=${condition.title}`;
}
