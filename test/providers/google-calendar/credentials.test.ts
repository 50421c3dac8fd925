import { generateKeyPairSync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { googleCalendar } from "../../../shared/providers/google-calendar/index.ts";
import { codeOf } from "../../contract/trouble.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

let key: string;
beforeAll(() => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  key = JSON.stringify({
    type: "service_account",
    client_email: "sync-bot@loft.example",
    private_key_id: "k1",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  });
});

/** A calendar over a transport that answers tokens and events, and the calls it saw. */
function open(root: string, answerToken: () => Response) {
  const seen: { url: string; authorization: string | null; body: string }[] = [];
  const transport: typeof fetch = async (input, init) => {
    const url = String(input);
    seen.push({ url, authorization: new Headers(init?.headers).get("authorization"), body: String(init?.body ?? "") });
    return url.includes("oauth2") ? answerToken() : Response.json({ id: "abc12", status: "cancelled" });
  };
  const calendar = googleCalendar.connect({
    settings: googleCalendar.settings.parse({ credentials: "google-key" }),
    root,
    timeZone: "UTC",
    clock: manualClock(new Date().toISOString()),
    secrets: { read: async () => key },
    fetch: transport,
    properties: [],
  });
  return { calendar, seen };
}

const granted = () => Response.json({ access_token: "granted", token_type: "Bearer", expires_in: 3599 });

test("a service account gets one token through the injected transport and uses it for every call", async () => {
  const { calendar, seen } = open("https://www.googleapis.com", granted);

  await calendar.get("bay1@example.org", "abc12");
  await calendar.get("bay1@example.org", "abc12");

  expect(seen.map(({ url }) => url)).toEqual([
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/calendar/v3/calendars/bay1%40example.org/events/abc12",
    "https://www.googleapis.com/calendar/v3/calendars/bay1%40example.org/events/abc12",
  ]);
  expect(seen[2]?.authorization).toBe("Bearer granted");
  const assertion = new URLSearchParams(seen[0]?.body).get("assertion") ?? "";
  expect(JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
    iss: "sync-bot@loft.example",
    scope: "https://www.googleapis.com/auth/calendar.events",
  });
});

test("S01: a revoked key is PROVIDER_UNAUTHORIZED, an outage of the token endpoint PROVIDER_UNAVAILABLE", async () => {
  const revoked = open("https://www.googleapis.com", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  const down = open("https://www.googleapis.com", () => new Response("down", { status: 503 }));

  expect(await codeOf(revoked.calendar.get("a", "abc12"))).toBe("PROVIDER_UNAUTHORIZED");
  expect(await codeOf(down.calendar.get("a", "abc12"))).toBe("PROVIDER_UNAVAILABLE");
});

test("behind a stand-in the key signs for itself: no call leaves for Google", async () => {
  const { calendar, seen } = open("http://localhost:8090/google", granted);

  await calendar.get("bay1@example.org", "abc12");

  expect(seen.map(({ url }) => new URL(url).host)).toEqual(["localhost:8090"]);
  expect(seen[0]?.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
});
