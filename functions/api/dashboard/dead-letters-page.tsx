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
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  const all = () => post("dead-letters/replay").then(reload);
  return (
    <>
      <h1>Dead letters</h1>
      {data.items.length === 0 ? (
        <Empty>No message was given up.</Empty>
      ) : (
        <div class="actions">
          <Decide label="Replay all" act={all} />
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
