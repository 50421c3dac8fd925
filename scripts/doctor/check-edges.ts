import { edgeAddress } from "../../shared/edge/edge-address.ts";
import type { World } from "../../shared/flows/world.ts";
import type { Finding } from "./finding.ts";

/** Edges that outsiders must reach. */
const EDGES = ["gcal-push", "graph-push", "booking-webhook", "api"] as const;
const WITHIN_MS = 10_000;

/**
 * Whether each public edge is reached under its public address, and by whom it is answered: ours answers every request that
 * nobody signed with a problem of its own, a proxy or Google's front door with something else.
 */
export function checkEdges({ publicUrl }: World, transport: typeof fetch): Promise<Finding[]> {
  return Promise.all(EDGES.map((edge) => checkEdge(edge, edgeAddress(publicUrl, edge), transport)));
}

async function checkEdge(edge: string, address: string, transport: typeof fetch): Promise<Finding> {
  const about = `address ${address}`;
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const answer = await transport(address, { method: "DELETE", redirect: "manual", signal });
    await answer.body?.cancel();
    const ours = answer.status === 405 && answer.headers.get("content-type")?.startsWith("application/problem+json");
    if (ours) return { kind: "well", about, says: `${edge} answers` };
    const remedy =
      answer.status === 403
        ? "Deploy again: Cloud Run asks callers for IAM."
        : "Look at the domain's routes: /NAME goes to the service NAME.";
    return { kind: "ill", about, says: `something else answers (${answer.status})`, remedy };
  } catch {
    const remedy = "Look at the domain's DNS and certificate, or deploy the function.";
    return { kind: "ill", about, says: "nothing answers", remedy };
  }
}
