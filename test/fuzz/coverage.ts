import type { Answer, Sent } from "./send.ts";

/** Which answers each edge gave: what a fuzz never reached, it never tried. */
export interface Coverage {
  note(edge: string, sent: Sent, answer: Answer): void;
  /** Edges that never did what they are for. */
  neverReached(edges: readonly string[]): string[];
  /** Edges and status classes, for a person. */
  table(): string;
}

const CLASSES = ["2xx", "4xx", "5xx", "none"] as const;

export function openCoverage(): Coverage {
  const seen = new Map<string, Map<string, number>>();
  return {
    note(edge, _sent, { status }) {
      const counts = seen.get(edge) ?? new Map<string, number>();
      seen.set(edge, counts);
      const kind = status === 0 ? "none" : `${Math.floor(status / 100)}xx`;
      for (const key of [kind, String(status)]) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    neverReached: (edges) =>
      edges.filter((edge) => (seen.get(edge)?.get("2xx") ?? seen.get(edge)?.get("302") ?? 0) === 0),
    table() {
      const width = Math.max(...[...seen.keys()].map((edge) => edge.length));
      const rows = [...seen].sort().map(([edge, counts]) => {
        const classes = CLASSES.map((kind) => String(counts.get(kind) ?? 0).padStart(6)).join("");
        const each = [...counts.keys()].filter((key) => /^\d+$/.test(key)).sort();
        return `${edge.padEnd(width)}${classes}   ${each.join(" ")}`;
      });
      const head = `${"edge".padEnd(width)}${CLASSES.map((kind) => kind.padStart(6)).join("")}   statuses`;
      return [head, ...rows].join("\n");
    },
  };
}
