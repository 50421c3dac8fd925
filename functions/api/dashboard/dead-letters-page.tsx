import { useState } from "preact/hooks";
import type { DeadLetter, Page } from "./answers.ts";
import { post } from "./ask.ts";
import { useLoad, useNow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Decide, Empty, Loading, Problem } from "./pieces.tsx";
import { ago } from "./when.ts";

/** Messages that no function could take. */
export function DeadLettersPage({ feed }: PageProps) {
  const { data, error, reload } = useLoad<Page<DeadLetter>>("dead-letters?limit=100", feed.beat);
  const [replayed, setReplayed] = useState(0);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  const all = () => replayAll(setReplayed).then(reload);
  return (
    <>
      <h1>Dead letters</h1>
      {data.items.length === 0 ? (
        <Empty>No message was given up.</Empty>
      ) : (
        <div class="actions">
          <Decide label="Replay all" act={all} />
          {replayed > 0 && <span role="status">{replayed} replayed …</span>}
        </div>
      )}
      <ol class="cards">
        {data.items.map((letter) => (
          <Letter key={letter.messageId} letter={letter} reload={reload} />
        ))}
      </ol>
    </>
  );
}

/** One call replays a hundred; what cannot be replayed stays, so that a call without any is the last. */
async function replayAll(tell: (count: number) => void): Promise<void> {
  let count = 0;
  for (let more = true; more; ) {
    const done = await post<{ readonly replayed: number; readonly more: boolean }>("dead-letters/replay");
    count += done.replayed;
    more = done.more && done.replayed > 0;
    tell(more ? count : 0);
  }
}

function Letter({ letter, reload }: { readonly letter: DeadLetter; reload(): void }) {
  const now = useNow();
  const [reason, setReason] = useState("");
  const path = `dead-letters/${encodeURIComponent(letter.messageId)}`;
  const field = `reason-${letter.messageId}`;
  return (
    <li class="card">
      <h2>{letter.subscription}</h2>
      <p>{letter.reason}</p>
      <p class="hint">
        {ago(letter.keptAt, now)} · message {letter.messageId}
      </p>
      <details>
        <summary>Content</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
        <pre tabIndex={0}>{letter.data}</pre>
      </details>
      <div class="actions">
        <Decide label="Replay" act={() => post(`${path}/replay`).then(reload)} />
        <label class="inline" for={field}>
          Reason
          <input id={field} value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
        </label>
        <Decide label="Drop" kind="danger" act={() => post(`${path}/drop`, { reason }).then(reload)} />
      </div>
    </li>
  );
}
