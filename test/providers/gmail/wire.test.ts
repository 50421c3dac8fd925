import { afterEach, expect, test } from "vitest";
import type { GrantKeeper } from "../../../shared/ports/mailbox.ts";
import { gmail } from "../../../shared/providers/gmail/index.ts";
import { openGmailBench } from "../../contract/gmail-bench.ts";
import { codeOf } from "../../contract/trouble.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

interface Seen {
  readonly url: string;
  readonly body: string;
  readonly authorization: string | null;
}

const KEEPER: GrantKeeper = { id: "g1", renew: async (use) => (await use("1//refresh")).value };

/** Gmail at its real root, over a transport that answers by address, and the calls it saw. */
function open(answers: Readonly<Record<string, () => Response>>, settings: object = {}) {
  const seen: Seen[] = [];
  const clock = manualClock();
  const transport: typeof fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    seen.push({ url, body: String(init?.body ?? ""), authorization: new Headers(init?.headers).get("authorization") });
    const answer = Object.entries(answers).find(([part]) => url.includes(part))?.[1];
    return answer?.() ?? Response.json({ labels: [] });
  };
  const mailboxes = gmail.connect({
    settings: gmail.settings.parse({ clientId: "1234.apps", clientSecret: "gmail-client", ...settings }),
    root: "https://gmail.googleapis.com",
    timeZone: "UTC",
    clock,
    secrets: { read: async (name) => `value of ${name}` },
    fetch: transport,
  });
  return { mailboxes, seen, clock };
}

const granted = () => Response.json({ access_token: "ya29.a", expires_in: 3599, token_type: "Bearer" });

let close = () => {};
afterEach(() => close());

test("real Google is asked at its own three addresses, with the client's secret in the body alone", async () => {
  const { mailboxes, seen } = open({ "oauth2.googleapis.com/token": granted });

  const address = mailboxes.address({ state: "s1", challenge: "c1", redirectUri: "https://lockstep.example/cb" });
  await mailboxes.open(KEEPER).labels();
  await mailboxes.revoke("1//refresh");

  expect(address).toMatch(/^https:\/\/accounts\.google\.com\/o\/oauth2\/v2\/auth\?client_id=1234\.apps&/);
  expect(seen.map(({ url }) => url.split("?")[0])).toEqual([
    "https://oauth2.googleapis.com/token",
    "https://gmail.googleapis.com/gmail/v1/users/me/labels",
    "https://oauth2.googleapis.com/revoke",
  ]);
  expect(new URLSearchParams(seen[0]?.body).get("client_secret")).toBe("value of gmail-client");
  expect(seen[1]?.authorization).toBe("Bearer ya29.a");
  expect(seen.map(({ url }) => url).join()).not.toMatch(/refresh|value of/);
});

test("real Google without a client's secret is an error at start, not with the first mail", () => {
  expect(() => open({}, { clientSecret: undefined })).toThrow();
  expect(() =>
    gmail.connect({
      settings: gmail.settings.parse({}),
      root: "https://gmail.googleapis.com",
      timeZone: "UTC",
      clock: manualClock(),
      secrets: { read: async () => "" },
      fetch,
    }),
  ).toThrow(/clientSecret/);
});

test("invalid_grant is NEEDS_RECONNECT; another refusal of the token endpoint is not, and an outage least of all", async () => {
  const refusing = (status: number, error: string) => () => Response.json({ error }, { status });
  const code = (answer: () => Response) => codeOf(open({ "/token": answer }).mailboxes.open(KEEPER).labels());

  expect(await code(refusing(400, "invalid_grant"))).toBe("NEEDS_RECONNECT");
  expect(await code(refusing(401, "invalid_client"))).toBe("PROVIDER_UNAUTHORIZED");
  expect(await code(refusing(500, "internal_failure"))).toBe("PROVIDER_UNAVAILABLE");
  expect(await code(() => new Response("<html>"))).toBe("PROVIDER_UNAVAILABLE");
});

test("an access token serves until a minute before its end", async () => {
  const { mailboxes, seen, clock } = open({ "/token": granted });
  const mailbox = mailboxes.open(KEEPER);
  const renewals = () => seen.filter(({ url }) => url.endsWith("/token")).length;

  await mailbox.labels();
  clock.advance(3_500_000);
  await mailbox.labels();
  expect(renewals()).toBe(1);
  clock.advance(60_000);
  await mailbox.labels();

  expect(renewals()).toBe(2);
});

test("units are counted before they are spent: Google never has to refuse", async () => {
  const bench = openGmailBench({ unitsPerMinute: 200 });
  close = bench.close;
  await bench.outside.label("Stays");
  await bench.stage.arrange("options", { gmailUnitsPerMinute: 200 });
  const redirectUri = "http://localhost/cb";
  const code = await bench.consent(bench.mailboxes.address({ state: "s", challenge: "", redirectUri }));
  const { refreshToken } = await bench.mailboxes.exchange({ code, verifier: "", redirectUri });
  const mailbox = bench.mailboxes.open({ id: "g", renew: async (use) => (await use(refreshToken)).value });
  const id = await bench.outside.deliver({ raw: "Subject: x\r\n\r\n", labels: ["Stays"] });

  let read = 0;
  let refusal: unknown;
  while (refusal === undefined && read < 50) {
    await mailbox.read(id).then(
      () => (read += 1),
      (error: unknown) => {
        refusal = error;
      },
    );
  }

  expect(read).toBe(10);
  expect(refusal).toMatchObject({ code: "PROVIDER_RATE_LIMITED", retryAfterMs: 60_000 });
  expect(bench.stage.sandbox.log.calls().filter(({ status }) => status === 403)).toEqual([]);
});

test("what Gmail answers beyond the mail's own words never reaches an error", async () => {
  const body = {
    error: { code: 400, message: "Jane Doe <jane@guest.example>", errors: [{ reason: "invalidArgument" }] },
  };
  const { mailboxes } = open({ "/token": granted, "/messages": () => Response.json(body, { status: 400 }) });

  const failed = await mailboxes
    .open(KEEPER)
    .read("m1")
    .catch((error: Error) => error);

  expect(failed).toMatchObject({ code: "PROVIDER_REFUSED", message: expect.not.stringContaining("Jane") });
});
