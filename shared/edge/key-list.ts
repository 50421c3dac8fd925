/**
 * A rotating secret holds its keys separated by white space, the newest first: that one signs, all of them
 * verify. To rotate, store `<new> <old>`; when nothing signed by the old one is under way, `<new>` alone.
 */
export function keysOf(secret: string): readonly string[] {
  return secret.split(/\s+/).filter((key) => key !== "");
}
