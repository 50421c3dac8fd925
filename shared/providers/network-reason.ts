const MAX_CAUSES = 4;

/** What the network says of a call without an answer: its own code, e.g. `ECONNREFUSED`, `timeout`, or `network`. */
export function networkReason(error: unknown): string {
  const causes = causesOf(error);
  if (causes.some(({ name }) => name === "TimeoutError")) return "timeout";
  return causes.map(codeOfCause).find((code) => code !== undefined) ?? "network";
}

/** The error and what caused it; `ECONNREFUSED` and its like sit one or two causes deep. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < MAX_CAUSES; at = at.cause) causes.push(at);
  return causes;
}

function codeOfCause(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" && /^[A-Z_]{3,40}$/.test(error.code)
    ? error.code
    : undefined;
}
