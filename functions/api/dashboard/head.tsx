import type { AlertDoc, DeadLetter, HoldDiff, Page, ReviewItem, Session } from "./answers.ts";
import { post } from "./ask.ts";
import { useLoad } from "./hooks.ts";
import type { PageName } from "./page-props.ts";
import type { Feed } from "./use-feed.ts";

interface HeadProps {
  readonly session: Session;
  readonly ws: string;
  readonly page: PageName;
  readonly feed: Feed;
  choose(ws: string): void;
  signOut(): void;
}

/** The way to every page, with how much waits there. */
export function Head({ session, ws, choose, page, feed, signOut }: HeadProps) {
  const waiting = useWaiting(feed.beat, session.scopes.includes("operate") || session.scopes.includes("admin"));
  const link = (name: PageName, label: string, count = 0) => (
    <li>
      <a href={`#/${name}`} aria-current={page === name ? "page" : undefined}>
        {label}
        {count > 0 && <span class="count">{count}</span>}
      </a>
    </li>
  );
  return (
    <header class="top">
      <button type="button" class="skip" onClick={() => document.getElementById("page")?.focus()}>
        To the content
      </button>
      <strong class="brand">Lockstep</strong>
      <nav aria-label="Pages">
        <ul>
          {link("today", "Today")}
          {link("week", "Week")}
          {link("reviews", "Review", waiting.reviews)}
          {link("holds", "Holds", waiting.holds)}
          {link("health", "Health", waiting.alerts)}
          {link("dead-letters", "Dead letters", waiting.letters)}
          {link("explain", "Why?")}
        </ul>
      </nav>
      <div class="who">
        <span class={feed.connected ? "live is-on" : "live"} role="status">
          {feed.connected ? "live" : "connecting …"}
        </span>
        {session.workspaces.length > 1 ? (
          <select aria-label="Workspace" value={ws} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {session.workspaces.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        ) : (
          <span>{ws}</span>
        )}
        {session.actor !== "demo-operator" && (
          <button type="button" onClick={() => void post("session/end").finally(signOut)}>
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

function useWaiting(beat: number, operates: boolean) {
  const reviews = useLoad<Page<ReviewItem>>("review-items?limit=100", beat).data?.items.length;
  const holds = useLoad<Page<HoldDiff>>("holds?status=open", beat).data?.items.length;
  const alerts = useLoad<Page<AlertDoc>>("alerts?limit=100", beat).data?.items.length;
  const letters = useLoad<Page<DeadLetter>>(operates ? "dead-letters?limit=100" : "session", beat).data?.items?.length;
  return { reviews, holds, alerts, letters };
}
