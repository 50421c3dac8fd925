import { LastActions } from "./actions.tsx";
import type { AlertDoc, BackfillRow, ConnectionHealth, Page } from "./answers.ts";
import { post } from "./ask.ts";
import { Freshness } from "./freshness.tsx";
import { useLoad, useNow } from "./hooks.ts";
import { Jobs } from "./jobs.tsx";
import type { PageProps } from "./page-props.ts";
import { Badge, Decide, Empty, Loading, Problem } from "./pieces.tsx";
import { ago, withTimes } from "./when.ts";

/** Is everything in step, and what is not? */
export function HealthPage({ feed }: PageProps) {
  return (
    <>
      <h1>Health</h1>
      <Alerts beat={feed.beat} />
      <Connections beat={feed.beat} />
      <Freshness beat={feed.beat} />
      <Jobs beat={feed.beat} />
      <Backfill beat={feed.beat} />
      <LastActions beat={feed.beat} />
    </>
  );
}

/** Alerts that a decision over a hold ends. */
const DECIDED_AT_HOLDS = ["held", "adoption"];

function Alerts({ beat }: { readonly beat: number }) {
  const now = useNow();
  const { data, error, reload } = useLoad<Page<AlertDoc>>("alerts?limit=100", beat);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  if (data.items.length === 0) return <Empty>No alert is open.</Empty>;
  return (
    <ol class="cards" aria-label="Alerts">
      {data.items.map((alert) => (
        <li key={alert.id} class="card">
          <h2>
            <Badge state={alert.kind} /> {alert.subject}
          </h2>
          <p>
            {withTimes(alert.detail)} {DECIDED_AT_HOLDS.includes(alert.kind) && <a href="#/holds">To the holds</a>}
          </p>
          <p class="hint">{ago(alert.openedAt, now)}</p>
          <Decide
            label="Acknowledge"
            act={() => post(`alerts/${encodeURIComponent(alert.id)}/acknowledge`).then(reload)}
          />
        </li>
      ))}
    </ol>
  );
}

function Connections({ beat }: { readonly beat: number }) {
  const now = useNow();
  const { data, error } = useLoad<Page<ConnectionHealth>>("health/deep", beat);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  return (
    <section>
      <h2>Connections</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label="Connections">
        <table>
          <thead>
            <tr>
              <th>Connection</th>
              <th>State</th>
              <th>Last read</th>
              <th>Push channel</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((row) => (
              <tr key={row.kind + row.id}>
                <td>
                  {row.resource === null ? row.id : `${row.resource}: ${row.id}`}
                  <span class="hint"> {row.provider}</span>
                </td>
                <td>
                  <Badge state={row.state} /> {row.reason}
                </td>
                <td>{ago(row.lastRead, now)}</td>
                <td>{row.watch === null ? "" : <Channel watch={row.watch} now={now} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Channel({ watch, now }: { readonly watch: NonNullable<ConnectionHealth["watch"]>; readonly now: number }) {
  return (
    <>
      <Badge state={watch.state} />
      <span class="hint"> {watch.expiresAt === null ? (watch.reason ?? "") : `ends ${ago(watch.expiresAt, now)}`}</span>
    </>
  );
}

function Backfill({ beat }: { readonly beat: number }) {
  const { data } = useLoad<Page<BackfillRow>>("backfill", beat);
  const running = data?.items.filter(({ state }) => state !== "done") ?? [];
  if (running.length === 0) return null;
  return (
    <section>
      <h2>First connections</h2>
      <ul class="progress">
        {running.map((row) => (
          <li key={row.resource}>
            <label for={`progress-${row.resource}`}>
              {row.resource} <Badge state={row.state} /> {row.done} of {row.total}
            </label>
            <progress id={`progress-${row.resource}`} value={row.progress} />
          </li>
        ))}
      </ul>
    </section>
  );
}
