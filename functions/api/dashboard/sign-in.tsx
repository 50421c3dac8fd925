import { useState } from "preact/hooks";
import { post, type Refused } from "./ask.ts";
import { Problem } from "./pieces.tsx";

/** Signs in with an API key; the cookie that comes back is none of this page's business. */
export function SignIn({ done }: { done(): void }) {
  const [error, setError] = useState<Refused>();
  const [key, setKey] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    post("session", { key: key.trim() }).then(done, setError);
  };
  return (
    <main class="sign-in">
      <h1>Lockstep</h1>
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
