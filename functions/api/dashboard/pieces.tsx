import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Refused } from "./ask.ts";

/** A word of state with its colour; the word is always there, since colour alone tells not everybody. */
export function Badge({ state }: { readonly state: string }) {
  return <span class={`badge is-${state}`}>{state.replaceAll("-", " ")}</span>;
}

/** What the API refused, and what to do. */
export function Problem({ error }: { readonly error: Refused | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="problem" role="alert">
      {error.message} {error.remedy}
    </p>
  );
}

/** Nothing to show is good news, mostly. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Loading() {
  return (
    <p class="empty" aria-live="polite">
      Loading …
    </p>
  );
}

interface DecisionProps {
  readonly label: string;
  /** Asked before it is done; left out: done at once. */
  readonly question?: string;
  readonly kind?: "danger" | "plain";
  act(): Promise<unknown>;
}

/** A button that decides something; asks first where it cannot be taken back, and shows a refusal beside itself. */
export function Decide({ label, question, kind = "plain", act }: DecisionProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refused>();
  const run = () => {
    setAsking(false);
    setBusy(true);
    setError(undefined);
    act()
      .catch((refused: Refused) => setError(refused))
      .finally(() => setBusy(false));
  };
  if (asking) {
    return (
      <fieldset class="asking">
        <legend>{question}</legend>
        <button type="button" class={kind} onClick={run} ref={(button) => button?.focus()}>
          Yes, {label.toLowerCase()}
        </button>
        <button type="button" onClick={() => setAsking(false)}>
          No
        </button>
      </fieldset>
    );
  }
  return (
    <>
      <button
        type="button"
        class={kind}
        disabled={busy}
        onClick={() => (question === undefined ? run() : setAsking(true))}
      >
        {busy ? "…" : label}
      </button>
      <Problem error={error} />
    </>
  );
}

/** Opens why something is as it is, over the page in view. */
export function Why({ of, children }: { readonly of: string; readonly children?: ComponentChildren }) {
  return (
    <button
      type="button"
      class="link"
      onClick={() => dispatchEvent(new CustomEvent("explain", { detail: of }))}
      aria-label={children === undefined ? `Why ${of}` : undefined}
    >
      {children ?? "Why?"}
    </button>
  );
}
