import { useRef } from "preact/hooks";
import type { Page, ReviewItem } from "./answers.ts";
import { post } from "./ask.ts";
import { useLoad, useNow } from "./hooks.ts";
import type { PageProps } from "./page-props.ts";
import { Badge, Decide, Empty, Loading, Problem, Why } from "./pieces.tsx";
import { ago, spanText } from "./when.ts";

/** What needs a person. J and K go through it, E explains, R resolves. */
export function ReviewsPage({ feed }: PageProps) {
  const { data, error, reload } = useLoad<Page<ReviewItem>>("review-items?limit=100", feed.beat);
  const list = useRef<HTMLOListElement>(null);
  if (data === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  return (
    <>
      <h1>Review</h1>
      <p class="hint">
        Keys: <kbd>j</kbd> <kbd>k</kbd> next, previous · <kbd>e</kbd> explain · <kbd>r</kbd> resolve
      </p>
      {data.items.length === 0 && <Empty>Nothing needs you.</Empty>}
      <ol class="cards" ref={list} onKeyDown={(event) => byKey(event, list.current)}>
        {data.items.map((item) => (
          <Review key={item.id} item={item} reload={reload} />
        ))}
      </ol>
    </>
  );
}

function Review({ item, reload }: { readonly item: ReviewItem; reload(): void }) {
  const now = useNow();
  const about = item.key ?? item.eventId;
  const resolve = () => post(`review-items/${encodeURIComponent(item.id)}/resolve`).then(reload);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the list is gone through by keys
    <li class="card" tabIndex={0} data-review={item.id}>
      <h2>
        <Badge state={item.kind} /> {item.resource ?? ""}
      </h2>
      <p>{item.detail}</p>
      {(item.lost ?? []).map(({ side, field, value }) => (
        <p key={side + field} class="hint">
          Not taken from the {side}: {field} {field === "span" ? spanText(value.span) : value[field]}
        </p>
      ))}
      <p class="hint">{ago(item.openedAt, now)}</p>
      <div class="actions">
        <Decide label="Resolve" act={resolve} />
        {about !== undefined && <Why of={about} />}
      </div>
    </li>
  );
}

function byKey(event: KeyboardEvent, list: HTMLElement | null): void {
  if (list === null || event.metaKey || event.ctrlKey || event.altKey) return;
  const items = [...list.querySelectorAll<HTMLElement>(":scope > li")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const press = (label: string) =>
    [...(items[at]?.querySelectorAll("button") ?? [])].find(({ textContent }) => textContent === label)?.click();
  if (event.key === "j" || event.key === "ArrowDown") items[Math.min(at + 1, items.length - 1)]?.focus();
  else if (event.key === "k" || event.key === "ArrowUp") items[Math.max(at - 1, 0)]?.focus();
  else if (event.key === "e") press("Why?");
  else if (event.key === "r") press("Resolve");
  else return;
  event.preventDefault();
}
