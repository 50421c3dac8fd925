import type { Stats } from "./answers.ts";
import { useLoad } from "./hooks.ts";

/** Is everything in step, and what is there to decide? In one sentence, over the whole workspace. */
export function AtAGlance({ beat }: { readonly beat: number }) {
  const { data } = useLoad<Stats>("stats", beat);
  if (data === undefined) return null;
  const { maps, waiting } = data;
  const asks = [
    ask(waiting.reviews, "question", "#/reviews"),
    ask(waiting.holds, "hold", "#/holds"),
    ask(waiting.alerts, "alert", "#/health"),
    ask(waiting.deadLetters, "dead letter", "#/dead-letters"),
  ].filter((each) => each !== null);
  const onTheWay = maps.pending + maps.parked;
  const isGood = asks.length === 0 && maps.error === 0;
  return (
    <p class={isGood ? "glance is-good" : "glance"} role="status">
      {isGood ? <strong>Nothing waits for you. </strong> : <strong>To decide: </strong>}
      {asks.map((each, index) => [index > 0 && ", ", each])}
      {asks.length > 0 && ". "}
      {maps.active} in step
      {onTheWay > 0 && `, ${onTheWay} on the way (tried again without you)`}
      {maps.error > 0 && `, ${maps.error} given up`}.
    </p>
  );
}

function ask(count: number, what: string, page: string) {
  if (count === 0) return null;
  return (
    <a key={page} href={page}>
      {count} {count === 1 ? what : `${what}s`}
    </a>
  );
}
