import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get, type Refused } from "./ask.ts";

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: Refused | undefined;
  reload(): void;
}

/** Reads `path`, and again whenever it or `beat` changes; what was read before stays in view meanwhile. */
export function useLoad<T>(path: string, beat: number): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: Refused; path: string }>({ path });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let wanted = true;
    get<T>(path).then(
      (data) => wanted && setState({ data, path }),
      (error: Refused) => wanted && setState((before) => ({ ...before, error, path })),
    );
    return () => {
      wanted = false;
    };
  }, [path, beat, asked]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { data: state.path === path ? state.data : undefined, error: state.error, reload };
}

/** The time, moving every few seconds. */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** What stands behind `#`, split at `/`: the page and what it is about. */
export function useRoute(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
}

/** True on a screen as narrow as a phone's. */
export function useNarrow(): boolean {
  const query = useRef(matchMedia("(max-width: 50rem)"));
  const [narrow, setNarrow] = useState(query.current.matches);
  useEffect(() => {
    const media = query.current;
    const changed = () => setNarrow(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  return narrow;
}
