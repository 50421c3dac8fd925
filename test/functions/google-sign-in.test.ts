import { afterEach, beforeEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import { openAccount } from "../../scripts/sandbox/gmail/mailbox.ts";
import { type RunningSandbox, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { useWorld } from "../../shared/cloud/edge.ts";
import { openGoogleSignIn } from "../../shared/cloud/google-sign-in.ts";
import type { Config } from "../../shared/config.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { freePort } from "../e2e/lockstep-process.ts";
import { json } from "./api-bench.ts";
import { type Bench, demoConfig, openBench, problem } from "./edge-bench.ts";

const ANN = "ann@studio.example";
const STRANGER = "eve@elsewhere.example";

let bench: Bench;
let google: RunningSandbox;

/** Two workspaces that know Ann, one that does not. */
function config(): Config {
  const { loft } = demoConfig().workspaces;
  if (loft === undefined) throw new Error("no demo");
  const workspaces = {
    loft: { ...loft, people: { [ANN]: ["operate" as const] } },
    villa: { ...loft, people: { [ANN]: ["read" as const] } },
    camp: { ...loft, people: {} },
  };
  return { workspaces, signIn: { clientId: "lockstep", clientSecret: "sign-in-secret", audiences: ["terminal"] } };
}

beforeEach(async () => {
  const port = await freePort();
  google = await startSandbox({ port, clock: systemClock, newId: () => crypto.randomUUID(), seed: 7 });
  google.arrange(({ world }) => {
    for (const email of [ANN, STRANGER]) openAccount(world, email);
    world.setOptions({ ...world.options(), gmailConsent: "allow" });
  });
  bench = await openBench("api", { config: config() });
  bench.secrets.set("sign-in-secret", "sandbox");
  const people = openGoogleSignIn(bench.world, `http://localhost:${port}/gmail/oauth`);
  useWorld(bench.world, { verifyToken: async () => "", ...(people !== undefined && { people }) });
});
afterEach(async () => {
  await bench.close();
  await google.close();
});

const cookieOf = (answer: Response, name: string) =>
  answer.headers
    .getSetCookie()
    .find((each) => each.startsWith(`${name}=`))
    ?.split(";")[0] ?? "";

interface Begun {
  readonly cookie: string;
  readonly address: URL;
}

async function begin(): Promise<Begun> {
  const answer = await bench.call("/api/session/google", { redirect: "manual" });
  return { cookie: cookieOf(answer, "lockstep-sign-in"), address: new URL(answer.headers.get("location") ?? "") };
}

/** What Google answers to a browser that goes there; the address it is sent back to. */
async function atGoogle({ address }: Begun, account: string): Promise<URL> {
  address.searchParams.set("account", account);
  const answer = await fetch(address, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

function comeBack(back: URL, cookie: string): Promise<Response> {
  return bench.call(`${back.pathname}${back.search}`, { redirect: "manual", headers: { cookie } });
}

/** An ID token for an audience, as a command line gets it. */
async function idToken(account: string, clientId: string): Promise<string> {
  const root = `http://localhost:${google.port}/gmail/oauth`;
  const query = {
    client_id: clientId,
    redirect_uri: "http://localhost/",
    response_type: "code",
    scope: "openid email",
  };
  const sent = await fetch(`${root}/auth?${new URLSearchParams({ ...query, account })}`, { redirect: "manual" });
  const code = new URL(sent.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", code, client_id: clientId, client_secret: "x" };
  const answer = await fetch(`${root}/token`, {
    method: "POST",
    body: new URLSearchParams({ ...form, redirect_uri: query.redirect_uri }),
  });
  return ((await answer.json()) as { id_token: string }).id_token;
}

const bearing = (token: string, method = "GET"): RequestInit => ({
  method,
  headers: { authorization: `Bearer ${token}` },
});

test("somebody whom a workspace names signs in by redirect, and acts there with the scopes it gives", async () => {
  const begun = await begin();
  const answer = await comeBack(await atGoogle(begun, ANN), begun.cookie);
  const cookie = cookieOf(answer, "lockstep-session");

  const session = await json(await bench.call("/api/session", { headers: { cookie } }));
  const acted = await bench.call("/api/sync", {
    method: "POST",
    headers: { cookie, "x-lockstep": "dashboard" },
    body: JSON.stringify({ dryRun: true }),
  });
  const inVilla = await bench.call("/api/sync?ws=villa", { method: "POST", headers: { cookie, "x-lockstep": "1" } });
  const inCamp = await bench.call("/api/event-maps?ws=camp", { headers: { cookie } });
  const actions = await json(await bench.call("/api/actions", { headers: { cookie } }));

  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/"]);
  expect(answer.headers.getSetCookie().join()).toMatch(
    /lockstep-session=loft\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/,
  );
  expect(session).toEqual({ ws: "loft", actor: ANN, scopes: ["operate"], workspaces: ["loft", "villa"] });
  expect([acted.status, inVilla.status, inCamp.status]).toEqual([200, 403, 403]);
  expect(actions).toMatchObject({ items: [{ actor: ANN, action: "sign in" }] });
});

test("the page is told where it may send people, and asks Google for nothing itself", async () => {
  const { address } = await begin();

  expect(await json(await bench.call("/api/sign-in"))).toEqual({ google: true });
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    client_id: "lockstep",
    redirect_uri: "http://localhost:8080/api/session/google/callback",
    response_type: "code",
    scope: "openid email",
    code_challenge_method: "S256",
  });
});

const FORGED: [string, (back: URL, cookie: string) => Promise<Response>][] = [
  ["without the cookie of the browser that began it", (back) => comeBack(back, "")],
  ["in another browser", async (back) => comeBack(back, (await begin()).cookie)],
  [
    "with another state",
    (back, cookie) => {
      back.searchParams.set("state", "x".repeat(43));
      return comeBack(back, cookie);
    },
  ],
  [
    "with a made-up code",
    (back, cookie) => {
      back.searchParams.set("code", "4/made-up");
      return comeBack(back, cookie);
    },
  ],
  [
    "after the person said no",
    (back, cookie) => {
      back.searchParams.delete("code");
      return comeBack(back, cookie);
    },
  ],
];

for (const [what, come] of FORGED) {
  test(`S33: whoever comes back ${what} is not signed in`, async () => {
    const begun = await begin();

    const answer = await come(await atGoogle(begun, ANN), begun.cookie);

    expect([answer.status, answer.headers.get("location")?.slice(0, 10)]).toEqual([302, "/#/refused"]);
    expect(cookieOf(answer, "lockstep-session")).toBe("");
    expect(await bench.world.store("loft").count({ collection: "sessions" })).toBe(0);
    expect(bench.lines.at(-1)).toMatchObject({ message: "credential refused" });
  });
}

test("S33: a code is good once, and a stranger's is good for nothing", async () => {
  const begun = await begin();
  const back = await atGoogle(begun, ANN);
  await comeBack(back, begun.cookie);
  const again = await comeBack(back, begun.cookie);
  const other = await begin();
  const stranger = await comeBack(await atGoogle(other, STRANGER), other.cookie);

  expect(again.headers.get("location")).toBe("/#/refused/UNAUTHENTICATED");
  expect(stranger.headers.get("location")).toBe("/#/refused/FORBIDDEN");
  expect(await bench.world.store("loft").count({ collection: "sessions" })).toBe(1);
});

test("the API takes ID tokens that were made for it, of people whom the workspace names", async () => {
  const [own, terminal] = [await idToken(ANN, "lockstep"), await idToken(ANN, "terminal")];
  const stranger = await idToken(STRANGER, "lockstep");

  const answers = await Promise.all([
    bench.call("/api/event-maps?ws=loft", bearing(own)),
    bench.call("/api/event-maps?ws=villa", bearing(terminal)),
    bench.call("/api/event-maps?ws=camp", bearing(own)),
    bench.call("/api/sync?ws=villa", bearing(own, "POST")),
    bench.call("/api/event-maps?ws=loft", bearing(stranger)),
  ]);
  const unsaid = await problem(await bench.call("/api/event-maps", bearing(own)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403, 403]);
  expect(unsaid).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
  expect(unsaid.detail).toContain("loft, villa");
});

test("S33: a token for somebody else, one that was changed, and one that is too old are refused", async () => {
  const own = await idToken(ANN, "lockstep");
  const [head = "", , signature = ""] = own.split(".");
  const forged = Buffer.from(JSON.stringify({ email: ANN, email_verified: true, aud: "lockstep" })).toString(
    "base64url",
  );

  const wrong = [await idToken(ANN, "another-app"), `${head}.${forged}.${signature}`, `${own.slice(0, -4)}AAAA`];
  const answers = await Promise.all(
    wrong.map(async (token) => problem(await bench.call("/api/event-maps", bearing(token)))),
  );
  bench.now = new Date(Date.now() + 2 * 3_600_000).toISOString();
  const late = await problem(await bench.call("/api/event-maps?ws=loft", bearing(own)));

  expect([...answers, late].map(({ status }) => status)).toEqual([401, 401, 401, 401]);
});

test("a session ends when the configuration names its person no longer", async () => {
  const begun = await begin();
  const answer = await comeBack(await atGoogle(begun, ANN), begun.cookie);
  const headers = { cookie: cookieOf(answer, "lockstep-session") };
  const before = await bench.call("/api/session", { headers });

  const { loft } = bench.world.config.workspaces;
  Object.assign(loft ?? {}, { people: {} });
  const after = await bench.call("/api/session", { headers });

  expect([before.status, after.status]).toEqual([200, 403]);
});
