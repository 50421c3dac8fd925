import type { Page } from "./answers.ts";
import { useLoad } from "./hooks.ts";
import { Empty } from "./pieces.tsx";

/** As `GET /api/freshness` answers. */
interface Way {
  readonly from: string;
  readonly to: string;
  readonly changes: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly limitsMs: readonly number[];
  readonly counts: readonly number[];
  readonly withinObjective: number | null;
  readonly errorBudget: number | null;
}

/** How long the changes of the last day took to stand on the other side. */
export function Freshness({ beat }: { readonly beat: number }) {
  const ways = useLoad<Page<Way>>("freshness?hours=24", beat).data?.items ?? [];
  return (
    <section>
      <h2>Freshness, last 24 hours</h2>
      {ways.length === 0 && <Empty>Nothing was carried yet; it is counted every few minutes.</Empty>}
      {ways.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
        <section class="scroll" tabIndex={0} aria-label="Freshness">
          <table>
            <thead>
              <tr>
                <th>From → to</th>
                <th>Changes</th>
                <th>Half within</th>
                <th>95 % within</th>
                <th>Spread</th>
                <th>Within 5 min</th>
                <th>Failed tries</th>
              </tr>
            </thead>
            <tbody>
              {ways.map((way) => (
                <Row key={way.from + way.to} way={way} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Row({ way }: { readonly way: Way }) {
  const { from, to, changes, p50Ms, p95Ms, withinObjective, errorBudget, failures } = way;
  return (
    <tr>
      <td>
        {from} → {to}
      </td>
      <td>{changes}</td>
      <td>{length(p50Ms)}</td>
      <td>{length(p95Ms)}</td>
      <td>
        <Spread way={way} />
      </td>
      <td>
        {withinObjective === null ? "–" : `${Math.round(withinObjective * 100)} %`}
        {errorBudget !== null && errorBudget < 0 && <strong> budget spent</strong>}
      </td>
      <td>
        {Object.entries(failures)
          .map(([what, count]) => `${count} × ${what}`)
          .join(", ") || "none"}
      </td>
    </tr>
  );
}

/** The histogram as bars, and in words for who does not see them. */
function Spread({ way: { counts, limitsMs } }: { readonly way: Way }) {
  const most = Math.max(1, ...counts);
  const words = counts
    .flatMap((count, index) => (count === 0 ? [] : [`${count} within ${length(limitsMs[index] ?? null)}`]))
    .join(", ");
  return (
    <svg class="spread" viewBox={`0 0 ${counts.length * 8} 24`} role="img" aria-label={words === "" ? "none" : words}>
      <title>{words}</title>
      {counts.map((count, index) => (
        <rect
          key={String(limitsMs[index])}
          x={index * 8}
          y={24 - Math.max(1, (count / most) * 24)}
          width={6}
          height={Math.max(1, (count / most) * 24)}
        />
      ))}
    </svg>
  );
}

function length(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 60_000) return `${ms / 1000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}
