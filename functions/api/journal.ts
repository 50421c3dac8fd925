import { LockstepError } from "../../shared/errors.ts";
import { recordAction } from "../../shared/flows/operator-actions.ts";
import type { Noted, RawCall, Route, RouteAnswer } from "./route.ts";

/** The route, its every write kept in the journal of operators. What was refused did nothing and is not; nor is a dry run. */
export function journalled(route: Route): Route {
  if (route.method === "GET") return route;
  return { ...route, handle: (call) => handleAndNote(route, call) };
}

async function handleAndNote(route: Route, call: RawCall): Promise<RouteAnswer> {
  try {
    const answer = await route.handle(call);
    if (answer.noted !== "nothing") await note(route, call, "done", answer.noted);
    return answer;
  } catch (error) {
    const refused = error instanceof LockstepError && error.status < 500;
    if (!refused) await note(route, call, error instanceof LockstepError ? error.code : "INTERNAL");
    throw error;
  }
}

async function note(
  route: Route,
  { world, caller, param }: RawCall,
  outcome: string,
  noted: Noted = {},
): Promise<void> {
  const { action = `${route.method} ${route.pattern}` } = route;
  const named = [...route.pattern.matchAll(/:(\w+)/g)].map(([, name = ""]) => param(name));
  const { target = named.join("/"), bookingKey = "" } = noted;
  await recordAction(world, caller.ws, { actor: caller.actor, action, target, bookingKey, outcome });
}
