/** True where two complaints are about the same kind of wrong, whatever ids, times and titles they name. */
export function sameComplaint(a: string, b: string): boolean {
  return kindOf(a) === kindOf(b);
}

/** Long enough to tell kinds apart, short enough not to reach what a complaint lists. */
const LENGTH = 60;

function kindOf(complaint: string): string {
  return complaint.replaceAll(/"[^"]*"|lockstep\w+|bay-\d|\d[\d.:TZ–-]*/g, "#").slice(0, LENGTH);
}
