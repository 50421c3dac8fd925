import type { Reply } from "../wire.ts";

/** What a browser sees: choose an account and allow, or cancel. */
export function consentPage(query: URLSearchParams, accounts: readonly string[]): Reply {
  const rows = accounts.map(
    (email) =>
      `<li><a href="?${withMore(query, { account: email, decision: "allow" })}">${escapeHtml(email)}: allow</a></li>`,
  );
  const scope = escapeHtml(query.get("scope") ?? "");
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in (sandbox)</title></head><body>
<h1>${escapeHtml(query.get("client_id") ?? "An app")} wants to ${scope.includes("gmail") ? "read your mail" : "know who you are"}</h1><p>${scope}</p>
<ul>${rows.join("")}<li><a href="?${withMore(query, { decision: "deny" })}">Cancel</a></li></ul></body></html>`;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** Back to the app, with what was decided and the app's own state. */
export function sentBack(query: URLSearchParams, answer: Readonly<Record<string, string>>): Reply {
  const target = new URL(query.get("redirect_uri") ?? "");
  const state = query.get("state");
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  if (state !== null) target.searchParams.set("state", state);
  return { status: 302, headers: { location: target.href }, body: "" };
}

function withMore(query: URLSearchParams, more: Readonly<Record<string, string>>): string {
  return escapeHtml(String(new URLSearchParams({ ...Object.fromEntries(query), ...more })));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
