import type { HoldDiff, Page } from "./answers.ts";
import { post } from "./ask.ts";
import { useLoad, useNow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Badge, Decide, Empty, Loading, Problem, Why } from "./pieces.tsx";
import { ago, spanText } from "./when.ts";

type Hold = Omit<HoldDiff, "items"> & { readonly items: readonly object[] };

/** What waits for a person because too much would go at once, or because a calendar is connected first. */
export function HoldsPage({ feed }: PageProps) {
  const waiting = useLoad<Page<Hold>>("holds?status=open", feed.beat);
  const last = useLoad<Page<Hold>>("holds?limit=50", feed.beat);
  const error = waiting.error ?? last.error;
  if (waiting.data === undefined || last.data === undefined)
    return error === undefined ? <Loading /> : <Problem error={error} />;
  const open = waiting.data.items;
  const decided = last.data.items.filter(({ status }) => status !== "open").slice(0, 20);
  const reload = () => {
    waiting.reload();
    last.reload();
  };
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
        {adoption ? "First connection of" : "Too much at once on"} {scopeText(hold.scope)}
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
          question={
            adoption
              ? "Let the first connection go on?"
              : `Remove or cancel ${many}? Bookings are cancelled after a delay, and until then undo is free.`
          }
          act={decide("approve")}
        />
        <Decide label="Reject" act={decide("reject")} />
      </div>
    </li>
  );
}

function DecidedHold({ hold, reload }: HoldProps) {
  const now = useNow(1_000);
  const undo = () => post(`holds/${encodeURIComponent(hold.id)}/undo`).then(reload);
  const undoable = hold.kind === "breaker" && hold.status === "approved";
  return (
    <li class="card is-quiet">
      <h3>
        <Badge state={hold.status} /> {scopeText(hold.scope)}
      </h3>
      <p class="hint">
        {hold.items.length} items{hold.decidedAt === undefined ? "" : `, ${ago(hold.decidedAt, now)}`}
        {hold.decidedBy === undefined ? "" : ` by ${hold.decidedBy}`}
      </p>
      {hold.carryOutAt !== undefined && (
        <p class="notice" role="status">
          {Date.parse(hold.carryOutAt) > now
            ? `Its bookings are cancelled ${ago(hold.carryOutAt, now)}. Until then undo is free: nothing was cancelled yet.`
            : "Its bookings are about to be cancelled."}
        </p>
      )}
      {hold.rebooked !== undefined && (
        <p>
          Booked again under new ids:{" "}
          {hold.rebooked.map(({ bookingId, newId }) => `${bookingId} is now ${newId}`).join(", ")}.
        </p>
      )}
      {undoable && (
        <div class="actions">
          <Decide
            label="Undo"
            question={
              hold.carryOutAt === undefined
                ? "Make the events again, and book again, under new ids and where the slot is free, what was cancelled?"
                : "Keep the bookings, and make their events again?"
            }
            act={undo}
          />
        </div>
      )}
    </li>
  );
}

/** `calendar:loft-bay-1@sandbox` as words. */
function scopeText(scope: string): string {
  return scope.replace(":", " ");
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
                {item.sentence} <Why of={item.key}>{item.bookingId}</Why>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
