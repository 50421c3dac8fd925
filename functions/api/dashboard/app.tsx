import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { Session } from "./answers.ts";
import { chooseWorkspace, get, post, type Refused } from "./ask.ts";
import { DeadLettersPage } from "./dead-letters-page.tsx";
import { ExplainDrawer, ExplainPage } from "./explain.tsx";
import { Head } from "./head.tsx";
import { HealthPage } from "./health-page.tsx";
import { HoldsPage } from "./holds-page.tsx";
import { useRoute } from "./hooks.ts";
import { PAGE_NAMES, type PageName, type PageProps } from "./page-props.ts";
import { Loading, Problem } from "./pieces.tsx";
import { ReviewsPage } from "./reviews-page.tsx";
import { SignIn } from "./sign-in.tsx";
import { TimelinePage } from "./timeline-page.tsx";
import { useFeed } from "./use-feed.ts";

const PAGES: Readonly<Record<PageName, (props: PageProps) => ComponentChildren>> = {
  today: (props) => <TimelinePage {...props} days={1} />,
  week: (props) => <TimelinePage {...props} days={7} />,
  reviews: ReviewsPage,
  holds: HoldsPage,
  health: HealthPage,
  "dead-letters": DeadLettersPage,
  explain: ExplainPage,
};

export function App() {
  const [session, setSession] = useState<Session | "signed-out">();
  const [error, setError] = useState<Refused>();
  const load = useCallback(() => {
    get<Session>("session").then(setSession, (refused: Refused) => {
      if (refused.status === 401) void post("session/end").finally(() => setSession("signed-out"));
      else setError(refused);
    });
  }, []);
  useEffect(load, [load]);
  if (session === "signed-out") return <SignIn done={load} />;
  if (session === undefined) return error === undefined ? <Loading /> : <Problem error={error} />;
  return <Dashboard session={session} signOut={() => setSession("signed-out")} />;
}

function Dashboard({ session, signOut }: { readonly session: Session; signOut(): void }) {
  const [ws, setWs] = useState(() => session.workspaces.find((each) => each === localStorage.ws) ?? session.ws);
  chooseWorkspace(ws);
  const feed = useFeed(ws);
  const [name = "", about = ""] = useRoute();
  const page: PageName = isPage(name) ? name : "week";
  const Page = PAGES[page];
  const choose = (next: string) => {
    localStorage.ws = next;
    chooseWorkspace(next);
    setWs(next);
  };
  return (
    <>
      <Head {...{ session, ws, choose, page, feed, signOut }} />
      <main id="page" key={ws} tabIndex={-1}>
        <Page feed={feed} about={about} />
      </main>
      <ExplainDrawer />
    </>
  );
}

function isPage(name: string): name is PageName {
  return PAGE_NAMES.some((each) => each === name);
}
