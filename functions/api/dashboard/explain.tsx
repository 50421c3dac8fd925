import { useEffect, useRef, useState } from "preact/hooks";
import { ActionList } from "./actions.tsx";
import type { Explanation } from "./answers.ts";
import { useLoad, useNow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Badge, Loading, Problem } from "./pieces.tsx";
import { ago, spanText, withTimes } from "./when.ts";

/** Why one booking is as it is, beside the page in view. Opened by `Why`. */
export function ExplainDrawer() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [key, setKey] = useState("");
  useEffect(() => {
    const open = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      setKey(String(event.detail));
      dialog.current?.showModal();
    };
    const leave = () => dialog.current?.close();
    addEventListener("explain", open);
    addEventListener("hashchange", leave);
    return () => {
      removeEventListener("explain", open);
      removeEventListener("hashchange", leave);
    };
  }, []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="drawer" aria-label={`Why ${key} is as it is`} onClose={() => setKey("")}>
      <div class="drawer-head">
        <a href={`#/explain/${encodeURIComponent(key)}`} onClick={close}>
          Open as a page
        </a>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      {key !== "" && <Explained of={key} beat={0} />}
    </dialog>
  );
}

/** The same, as a page of its own. */
export function ExplainPage({ feed, about }: PageProps) {
  const [asked, setAsked] = useState(about);
  const submit = (event: Event) => {
    event.preventDefault();
    location.hash = `#/explain/${encodeURIComponent(asked.trim())}`;
  };
  return (
    <>
      <h1>Why is it as it is?</h1>
      <form class="ask" onSubmit={submit}>
        <label for="asked">Booking or event</label>
        <input id="asked" value={asked} onInput={({ currentTarget }) => setAsked(currentTarget.value)} required />
        <button type="submit">Explain</button>
      </form>
      {about !== "" && <Explained of={about} beat={feed.beat} />}
    </>
  );
}

function Explained({ of, beat }: { readonly of: string; readonly beat: number }) {
  const { data, error } = useLoad<Explanation>(`explain/${encodeURIComponent(of)}`, beat);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  const { bookingKey, formerIds, seen, reviews, maps, actions } = data;
  return (
    <article class="explained">
      <h2>{bookingKey}</h2>
      {formerIds.length > 0 && <p>Before: {formerIds.join(", ")}</p>}
      <p>{seen === null ? "Its source never showed it." : `At its source: ${seen.status}, ${spanText(seen.span)}.`}</p>
      {reviews.map((review) => (
        <p class="problem" key={review.id}>
          {review.detail}
        </p>
      ))}
      {maps.map((map) => (
        <ExplainedMap key={map.resource} map={map} />
      ))}
      {actions.length > 0 && (
        <section>
          <h3>What people did</h3>
          <ActionList actions={actions} />
        </section>
      )}
    </article>
  );
}

function ExplainedMap({ map }: { readonly map: Explanation["maps"][number] }) {
  const now = useNow();
  const event = map.event?.kind === "live" ? spanText(map.event.content.span) : (map.event?.kind ?? "none");
  return (
    <section>
      <h3>
        {map.resource} <Badge state={map.error === null || map.status === "error" ? map.status : "parked"} />
      </h3>
      <p class="why">{withTimes(map.why)}</p>
      <dl>
        <dt>Calendar</dt>
        <dd>{map.calendarId}</dd>
        <dt>Event</dt>
        <dd>{event}</dd>
        <dt>Last synced</dt>
        <dd>
          {ago(map.lastSyncedAt, now)} {map.lastSource === null ? "" : `from ${map.lastSource}`}
        </dd>
      </dl>
      <ol class="journal" reversed>
        {map.journal.toReversed().map((entry) => (
          <li key={entry.at + entry.rule}>
            <p>
              <strong>{entry.sentence}</strong> <code>{entry.rule}</code>
            </p>
            <p class="hint">
              {ago(entry.at, now)} · looked because of: {entry.saw} · booking {entry.booking}, event {entry.event}
            </p>
            {entry.effects.map(({ effect, answer }) => (
              <p key={effect}>
                → {effect}: {answer}
              </p>
            ))}
            {entry.lost.map(({ side, field, value }) => (
              <p key={side + field} class="hint">
                The {side}’s {field} did not prevail: {field === "span" ? spanText(value.span) : value[field]}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
