import type { ErrorCode } from "../../shared/errors.ts";
import type { Route } from "./route.ts";

/** Codes that this route may answer, in the order of the catalogue's statuses; what the frame refuses included. */
export function problemsOf({ method, pattern, query, problems = [] }: Route): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "STORE_UNAVAILABLE", "INTERNAL"]);
  if (method !== "GET" || query !== undefined || pattern.includes(":")) codes.add("INVALID_REQUEST");
  if (method !== "GET") codes.add("STORE_CONFLICT").add("INVALID_STATE").add("PAYLOAD_TOO_LARGE");
  for (const code of problems) codes.add(code);
  return [...codes].sort();
}
