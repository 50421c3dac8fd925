import { useState } from "preact/hooks";
import { post, type Refused } from "./ask.ts";
import { useLoad, useRoute } from "./hooks.ts";
import { Problem } from "./pieces.tsx";

/** Signs in with a Google account, or an API key; the cookie that comes back is none of this page's business. */
export function SignIn({ done }: { done(): void }) {
  const [error, setError] = useState<Refused>();
  const [key, setKey] = useState("");
  const google = useLoad<{ readonly google: boolean }>("sign-in", 0).data?.google === true;
  const [page] = useRoute();
  const submit = (event: Event) => {
    event.preventDefault();
    post("session", { key: key.trim() }).then(done, setError);
  };
  return (
    <main class="sign-in">
      <h1>Lockstep</h1>
      {page === "refused" && (
        <p class="problem" role="alert">
          You were not signed in. Either the sign-in took too long, or no workspace here names that Google account: an
          administrator adds its address to “people” in the configuration.
        </p>
      )}
      {google && (
        <a class="button primary" href="/api/session/google">
          Sign in with Google
        </a>
      )}
      <form onSubmit={submit}>
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autocomplete="current-password"
          placeholder="lsk_…"
          value={key}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
          required
        />
        <button type="submit" class="primary">
          Sign in
        </button>
        <Problem error={error} />
        <p class="hint">An administrator makes keys with POST /api/keys. To look on, the scope “read” is enough.</p>
      </form>
    </main>
  );
}
