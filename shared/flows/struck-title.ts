const CANCELLED = "Cancelled: ";

/** The title of a struck-out event (policy `mark`). What says so already, begun before and not saved, stays. */
export function struckOut(title: string): string {
  return isStruckOut(title) ? title : `${CANCELLED}${title}`;
}

/** Where nobody can tell by the title, it counts as struck out. */
export function isStruckOut(title: string | undefined): boolean {
  return title?.startsWith(CANCELLED) ?? true;
}
