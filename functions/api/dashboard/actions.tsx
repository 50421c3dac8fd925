import type { OperatorAction, Page } from "./answers.ts";
import { useLoad, useNow } from "./hooks.ts";
import { Empty } from "./pieces.tsx";
import { ago } from "./when.ts";

/** What people decided or started, the newest first. */
export function ActionList({ actions }: { readonly actions: readonly OperatorAction[] }) {
  const now = useNow();
  return (
    <ol class="lines">
      {actions.map(({ at, actor, action, target, outcome }) => (
        <li key={at + actor + action + target}>
          <strong>{action}</strong> {target}{" "}
          <span class="hint">
            by {actor}, {ago(at, now)}
          </span>
          {outcome !== "done" && <span class="problem"> {outcome}</span>}
        </li>
      ))}
    </ol>
  );
}

/** The last of the whole workspace. */
export function LastActions({ beat }: { readonly beat: number }) {
  const { data } = useLoad<Page<OperatorAction>>("actions?limit=20", beat);
  if (data === undefined) return null;
  return (
    <section>
      <h2>What people did</h2>
      {data.items.length === 0 ? <Empty>Nobody decided anything yet.</Empty> : <ActionList actions={data.items} />}
    </section>
  );
}
