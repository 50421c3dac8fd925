import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStudio, type Studio, stillAlarm } from "./harness.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

const ANNA = "anna@host.example";
const REDIRECT = "http://localhost:8080/api/connections/gmail/callback";
const VERIFIER = "v".repeat(64);
const TOPIC = "projects/lets/topics/mailbox-touched";

type Fields = Record<string, unknown>;

let studio: Studio;
let receiver: Receiver;
let token: string;
beforeEach(async () => {
  receiver = await openReceiver();
  studio = await openStudio({ alarm: stillAlarm });
  await act("labels", { email: ANNA, name: "Airbnb" });
  token = String((await signIn()).access_token);
});
afterEach(async () => {
  await studio.sandbox.close();
  await receiver.close();
});

async function act(action: string, body: object, headers: Record<string, string> = {}): Promise<Fields> {
  return (await studio.call(`/sandbox/gmail/${action}`, body, headers)).body;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Fields }> {
  const { status, body } = await studio.call(`/gmail/v1/users/me/${path}`, undefined, {
    authorization: `Bearer ${token}`,
    ...headers,
  });
  return { status, body };
}

async function ask(query: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const wanted = {
    ...{ client_id: "lockstep", redirect_uri: REDIRECT, response_type: "code", state: "s1", access_type: "offline" },
    ...{ scope: "https://www.googleapis.com/auth/gmail.readonly", code_challenge: challenge },
    code_challenge_method: "S256",
    ...query,
  };
  return fetch(`${studio.sandbox.url}/gmail/oauth/auth?${new URLSearchParams(wanted)}`, {
    redirect: "manual",
    headers,
  });
}

async function tokenFor(form: Record<string, string>): Promise<{ status: number; body: Fields }> {
  const body = new URLSearchParams({ client_id: "lockstep", client_secret: "secret", ...form });
  const answer = await fetch(`${studio.sandbox.url}/gmail/oauth/token`, { method: "POST", body });
  return { status: answer.status, body: (await answer.json()) as Fields };
}

async function codeOf(answer: Response): Promise<string> {
  return new URL(answer.headers.get("location") ?? "http://none").searchParams.get("code") ?? "";
}

async function signIn(): Promise<Fields> {
  const form = { grant_type: "authorization_code", redirect_uri: REDIRECT, code_verifier: VERIFIER };
  return (await tokenFor({ ...form, code: await codeOf(await ask()) })).body;
}

test("sign-in: a page for browsers, a redirect for the rest; state comes back, a code works once and for its verifier alone", async () => {
  const page = await ask({}, { accept: "text/html" });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(ANNA)]);
  const answer = await ask();
  expect(new URL(answer.headers.get("location") ?? "").searchParams.get("state")).toBe("s1");

  const form = { grant_type: "authorization_code", redirect_uri: REDIRECT, code: await codeOf(answer) };
  expect(await tokenFor({ ...form, code_verifier: "other" })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  expect(await tokenFor({ ...form, code_verifier: VERIFIER })).toMatchObject({ status: 400 });
  const fresh = { ...form, code: await codeOf(await ask()), code_verifier: VERIFIER };
  expect(await tokenFor({ ...fresh, redirect_uri: "http://elsewhere.example/" })).toMatchObject({ status: 400 });
  expect(await signIn()).toMatchObject({ refresh_token: expect.any(String), expires_in: 3599, token_type: "Bearer" });
});

test("without access_type=offline no refresh token comes along; a refused consent is access_denied", async () => {
  const code = await codeOf(await ask({ access_type: "online" }));
  const form = { grant_type: "authorization_code", redirect_uri: REDIRECT, code_verifier: VERIFIER, code };
  expect((await tokenFor(form)).body).not.toHaveProperty("refresh_token");

  const denied = await ask({ decision: "deny" });
  expect(denied.headers.get("location")).toContain("error=access_denied");
});

test("refresh keeps the old token, or rotates it; revoked is invalid_grant and ends the access tokens (S46)", async () => {
  const { refresh_token: first } = await signIn();
  const refresh = (refreshToken: unknown) =>
    tokenFor({ grant_type: "refresh_token", refresh_token: String(refreshToken) });
  expect((await refresh(first)).body).not.toHaveProperty("refresh_token");
  await studio.call("/sandbox/options", { gmailRotateTokens: true });
  const { refresh_token: second } = (await refresh(first)).body;

  expect(await refresh(first)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await refresh(second)).status).toBe(200);
  await act("revoke", { email: ANNA });

  expect((await get("labels")).status).toBe(401);
});

test("a message comes in every format, its parts and files too", async () => {
  const attachments = [{ filename: "key.txt", mimeType: "text/plain", content: "1234" }];
  const mail = { subject: "Grüße", text: "Plain ä", html: "<p>Rich ä</p>", attachments };
  const { id } = await act("deliver", { email: ANNA, labels: ["Airbnb"], ...mail });

  const full = await get(`messages/${id}`);
  const raw = await get(`messages/${id}?format=raw`);
  const metadata = await get(`messages/${id}?format=metadata&metadataHeaders=From`);
  const attachment = await get(`messages/${id}/attachments/att-1`);

  const payload = full.body.payload as {
    mimeType: string;
    parts: { mimeType: string; parts?: { body: { data: string } }[] }[];
  };
  expect([payload.mimeType, ...payload.parts.map(({ mimeType }) => mimeType)]).toEqual([
    ...["multipart/mixed", "multipart/alternative", "text/plain"],
  ]);
  const plain = payload.parts[0]?.parts?.[0]?.body.data ?? "";
  expect(Buffer.from(plain, "base64url").toString()).toBe("Plain ä");
  expect(Buffer.from(String(raw.body.raw), "base64url").toString()).toContain("Subject: =?UTF-8?B?");
  expect(metadata.body.payload).toMatchObject({ headers: [{ name: "From" }] });
  expect(Buffer.from(String(attachment.body.data), "base64url").toString()).toBe("1234");
  expect(full.body).toMatchObject({ internalDate: "1799064000000", labelIds: ["INBOX", "UNREAD", "Label_1"] });
  expect((await get("messages/nothing")).status).toBe(404);
});

test("lists are by label, newest first, a page at a time, ids alone", async () => {
  for (let n = 0; n < 3; n++) {
    await act("deliver", {
      email: ANNA,
      labels: n === 1 ? [] : ["Airbnb"],
      subject: `${n}`,
      at: `2027-01-0${n + 1}T08:00:00Z`,
    });
  }

  const first = await get("messages?labelIds=Label_1&maxResults=1");
  const second = await get(`messages?labelIds=Label_1&maxResults=1&pageToken=${first.body.nextPageToken}`);

  const idsOf = (body: Fields) => (body.messages as { id: string }[]).map(({ id }) => Number.parseInt(id, 16) & 0xff);
  expect([...idsOf(first.body), ...idsOf(second.body)]).toEqual([3, 1]);
  expect(second.body).not.toHaveProperty("nextPageToken");
});

test("history tells what came and what was labelled; absent where nothing changed; too old is 404", async () => {
  const { body: profile } = await get("profile");
  const start = `history?startHistoryId=${profile.historyId}&labelId=Label_1&historyTypes=messageAdded&historyTypes=labelAdded`;
  expect((await get(start)).body).toEqual({ historyId: profile.historyId });
  const { id } = await act("deliver", { email: ANNA, subject: "unlabelled" });
  await act("tag", { email: ANNA, id, add: ["Airbnb"] });

  const { body } = await get(start);

  expect(body.history).toMatchObject([{ labelsAdded: [{ message: { id }, labelIds: ["Label_1"] }] }]);
  await act("expire-history", { email: ANNA });
  expect((await get(start)).status).toBe(404);
});

test("watch publishes an address and a number at once, for its label alone, at most one a second", async () => {
  await studio.call("/sandbox/options", { gmailPubsub: receiver.url.replace("/push", "") });
  const watch = await studio.call(
    "/gmail/v1/users/me/watch",
    { topicName: TOPIC, labelIds: ["Label_1"] },
    { authorization: `Bearer ${token}` },
  );
  await studio.sandbox.tick();
  expect(watch.body).toMatchObject({
    historyId: expect.any(String),
    expiration: String(1_799_064_000_000 + 7 * 86_400_000),
  });

  studio.clock.advance(2_000);
  await act("deliver", { email: ANNA, subject: "elsewhere" });
  await act("deliver", { email: ANNA, labels: ["Airbnb"], subject: "here" });
  await act("deliver", { email: ANNA, labels: ["Airbnb"], subject: "within the second" });
  await studio.sandbox.tick();

  const notices = receiver.received.map(({ body }) => JSON.parse(body) as { messages: { data: string }[] });
  const data = notices.map(
    ({ messages }) => JSON.parse(Buffer.from(messages[0]?.data ?? "", "base64").toString()) as Fields,
  );
  expect(data).toHaveLength(2);
  expect(data[1]).toEqual({ emailAddress: ANNA, historyId: expect.any(Number) });
});

test("units are counted by user and minute; tokens of one account open no other", async () => {
  await studio.call("/sandbox/options", { gmailUnitsPerMinute: 3 });
  expect([
    (await get("labels")).status,
    (await get("history?startHistoryId=1000")).status,
    (await get("labels")).status,
  ]).toEqual([200, 200, 403]);

  await act("accounts", { email: "ben@host.example" });
  const foreign = await studio.call("/gmail/v1/users/ben@host.example/labels", undefined, {
    authorization: `Bearer ${token}`,
  });
  expect(foreign.status).toBe(403);
});
