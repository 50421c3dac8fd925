/** A worker that did not load every edited file proves nothing, and says so with this exit code. */
export const NOT_APPLIED = 97;
