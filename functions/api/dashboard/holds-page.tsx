import type { HoldDiff, Page } from "./answers.ts";
import { post } from "./ask.ts";
import { useLoad, useNow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Badge, Decide, Empty, Loading, Problem, Why } from "./pieces.tsx";
import { ago, spanText } from "./when.ts";

type Hold = Omit<HoldDiff, "items"> & { readonly items: readonly object[] };

/** What waits for a person because too much would go at once, or because a calendar is connected first. */
export function HoldsPage({ feed }: PageProps) {
  const { data, error, reload } = useLoad<Page<Hold>>("holds", feed.beat);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  const open = data.items.filter(({ status }) => status === "open");
  const decided = data.items.filter(({ status }) => status !== "open").slice(0, 20);
  return (
    <>
      <h1>Holds</h1>
      {open.length === 0 && <Empty>Nothing is held.</Empty>}
      <ol class="cards">
        {open.map((hold) => (
          <OpenHold key={hold.id} hold={hold} beat={feed.beat} reload={reload} />
        ))}
      </ol>
      {decided.length > 0 && <h2>Decided</h2>}
      <ol class="cards">
        {decided.map((hold) => (
          <DecidedHold key={hold.id} hold={hold} reload={reload} />
        ))}
      </ol>
    </>
  );
}

interface HoldProps {
  readonly hold: Hold;
  reload(): void;
}

function OpenHold({ hold, reload, beat }: HoldProps & { readonly beat: number }) {
  const now = useNow();
  const decide = (how: string) => () => post(`holds/${encodeURIComponent(hold.id)}/${how}`).then(reload);
  const many = `${hold.items.length} ${hold.items.length === 1 ? "item" : "items"}`;
  const adoption = hold.kind === "adoption";
  return (
    <li class="card">
      <h2>
        {adoption ? "First connection" : "Too much at once"}: {hold.scope}
      </h2>
      <p class="hint">
        {ago(hold.openedAt, now)} · {many}
        {hold.creates === undefined ? "" : ` · makes ${hold.creates} events`}
        {hold.foreign === undefined ? "" : ` · leaves ${hold.foreign} events alone`}
      </p>
      <Diff id={hold.id} beat={beat} />
      <div class="actions">
        <Decide
          label="Approve"
          kind="danger"
          question={adoption ? "Let the first connection go on?" : `Cancel or remove ${many}?`}
          act={decide("approve")}
        />
        <Decide label="Reject" act={decide("reject")} />
      </div>
    </li>
  );
}

function DecidedHold({ hold, reload }: HoldProps) {
  const now = useNow();
  const undo = () => post(`holds/${encodeURIComponent(hold.id)}/undo`).then(reload);
  const undoable = hold.kind === "breaker" && hold.status === "approved";
  return (
    <li class="card is-quiet">
      <h3>
        <Badge state={hold.status} /> {hold.scope}
      </h3>
      <p class="hint">
        {hold.items.length} items{hold.decidedAt === undefined ? "" : `, ${ago(hold.decidedAt, now)}`}
        {hold.decidedBy === undefined ? "" : ` by ${hold.decidedBy}`}
      </p>
      {undoable && (
        <div class="actions">
          <Decide label="Undo" question="Make the events again, and book again what was cancelled?" act={undo} />
        </div>
      )}
    </li>
  );
}

const WOULD = {
  "cancel-booking": "booking would be cancelled",
  "remove-event": "event would be removed",
  "adopt-event": "event would be adopted",
} as const;

function Diff({ id, beat }: { readonly id: string; readonly beat: number }) {
  const { data, error } = useLoad<HoldDiff>(`holds/${encodeURIComponent(id)}`, beat);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
    <section class="scroll" tabIndex={0} aria-label="What would happen">
      <table class="diff">
        <thead>
          <tr>
            <th>Where</th>
            <th>Now</th>
            <th>Then</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((item) => (
            <tr key={item.key + item.resource + item.eventId}>
              <td>{item.resource}</td>
              <td>
                <del>
                  {spanText(item.event ?? item.booking)} {item.title}
                </del>
              </td>
              <td>{WOULD[item.would]}</td>
              <td>
                {item.reason} <Why of={item.key}>{item.bookingId}</Why>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
