import type { Bar } from "./bars.ts";
import { spanText } from "./when.ts";

/** One bar: what it is, when, and which sides say so; what is not in step stands out by colour, words and dashes. Opens why. */
export function BarButton({ bar, zone }: { readonly bar: Bar; readonly zone: string }) {
  const { pair, span, sides } = bar;
  const title = pair.title === "" ? pair.bookingKey : pair.title;
  const state = pair.state.replaceAll("-", " ");
  const when = spanText(span, zone);
  return (
    <button
      type="button"
      class={`bar is-${pair.state} ${sides === "booking and event" ? "" : "is-one-side"}`}
      title={[title, when, state, sides, pair.detail ?? ""].filter((part) => part !== "").join(" · ")}
      onClick={() => dispatchEvent(new CustomEvent("explain", { detail: pair.bookingKey }))}
    >
      <strong>{title}</strong>
      <span>{span.kind === "timed" ? when.split(", ").at(-1) : "all day"}</span>
      <span>
        {state}
        {sides !== "booking and event" && ` · ${sides}`}
      </span>
    </button>
  );
}
