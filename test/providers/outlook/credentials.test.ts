import { describe, expect, test } from "vitest";
import { outlook } from "../../../shared/providers/outlook/index.ts";
import { codeOf } from "../../contract/trouble.ts";
import { event, failure, json, ROOM, scripted } from "./scripted.ts";

const APP = { tenant: "contoso.example", clientId: "app-1", clientSecret: "graph-secret" };
const GRAPH = "https://graph.microsoft.com";

const granted = (token: string) => json({ token_type: "Bearer", access_token: token, expires_in: 3599 });
const tokens = (asked: readonly { url: string }[]) => asked.filter(({ url }) => url.includes("/oauth2/"));

describe("the app's token", () => {
  test("is asked for once, as the documented form, and used for every call", async () => {
    const { calendar, asked } = scripted([granted("one"), json(event("AAk1")), json(event("AAk1"))], APP, GRAPH);

    await calendar.get(ROOM, "AAk1");
    await calendar.get(ROOM, "AAk1");

    expect(asked[0]?.url).toBe("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
    expect(Object.fromEntries(new URLSearchParams(String(asked[0]?.body)))).toEqual({
      grant_type: "client_credentials",
      client_id: "app-1",
      client_secret: "value of graph-secret",
      scope: "https://graph.microsoft.com/.default",
    });
    expect(asked.slice(1).map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer one", "Bearer one"]);
  });

  test("is asked for once by calls that need one at the same time", async () => {
    const { calendar, asked } = scripted([granted("one"), json(event("AAk1")), json(event("AAk2"))], APP, GRAPH);

    await Promise.all([calendar.get(ROOM, "AAk1"), calendar.get(ROOM, "AAk2")]);

    expect(tokens(asked)).toHaveLength(1);
  });

  test("is renewed before it ends", async () => {
    const { calendar, asked, clock } = scripted(
      [granted("one"), json(event("AAk1")), granted("two"), json(event("AAk1"))],
      APP,
      GRAPH,
    );

    await calendar.get(ROOM, "AAk1");
    clock.advance(3_500_000);
    await calendar.get(ROOM, "AAk1");

    expect(asked[3]?.headers.get("authorization")).toBe("Bearer two");
  });

  test("is renewed once when Graph refuses it, then PROVIDER_UNAUTHORIZED", async () => {
    const refused = () => failure(401, "InvalidAuthenticationToken");
    const mended = scripted([granted("one"), refused(), granted("two"), json(event("AAk1"))], APP, GRAPH);
    const lost = scripted([granted("one"), refused(), granted("two"), refused()], APP, GRAPH);

    expect(await mended.calendar.get(ROOM, "AAk1")).toMatchObject({ id: "AAk1" });
    expect(await codeOf(lost.calendar.get(ROOM, "AAk1"))).toBe("PROVIDER_UNAUTHORIZED");
    expect(lost.left).toEqual([]);
  });

  test("S01: an ended secret is PROVIDER_UNAUTHORIZED, an outage of the token endpoint PROVIDER_UNAVAILABLE", async () => {
    const ended = scripted(
      [json({ error: "invalid_client" }, 401), json({ error: "invalid_client" }, 401)],
      APP,
      GRAPH,
    );
    const down = scripted(
      [1, 2, 3].map(() => new Response("down", { status: 503 })),
      APP,
      GRAPH,
    );

    await expect(ended.calendar.get(ROOM, "AAk1")).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
      provider: "401 invalid_client",
      message: expect.not.stringContaining("value of"),
    });
    expect(await codeOf(down.calendar.get(ROOM, "AAk1"))).toBe("PROVIDER_UNAVAILABLE");
  });
});

describe("roots", () => {
  test.each([
    ["https://graph.microsoft.us", "https://login.microsoftonline.us"],
    ["https://dod-graph.microsoft.us", "https://login.microsoftonline.us"],
    ["https://microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"],
  ])("the cloud %s has its own login and scope", async (graph, login) => {
    const { calendar, asked } = scripted([granted("one"), json(event("AAk1"))], { ...APP, graph }, GRAPH);

    await calendar.get(ROOM, "AAk1");

    expect(asked[0]?.url).toBe(`${login}/contoso.example/oauth2/v2.0/token`);
    expect(new URLSearchParams(String(asked[0]?.body)).get("scope")).toBe(`${graph}/.default`);
    expect(asked[1]?.url).toMatch(new RegExp(`^${graph}/v1\\.0/users/`));
  });

  test("behind a stand-in nothing leaves for Microsoft: it gives the token, with credentials or without", async () => {
    const withApp = scripted([granted("one"), json(event("AAk1"))], APP);
    const without = scripted([json(event("AAk1"))]);

    await withApp.calendar.get(ROOM, "AAk1");
    await without.calendar.get(ROOM, "AAk1");

    expect([...withApp.asked, ...without.asked].map(({ url }) => new URL(url).host)).toEqual([
      "stand-in.example",
      "stand-in.example",
      "stand-in.example",
    ]);
    expect(withApp.asked[0]?.url).toBe("http://stand-in.example/graph/contoso.example/oauth2/v2.0/token");
    expect(without.asked[0]?.headers.get("authorization")).toBe("Bearer given");
  });

  test("real Graph without credentials fails at start, naming the setting", () => {
    expect(() => scripted([], {}, GRAPH)).toThrow(/clientSecret/);
  });

  test("half of the credentials is refused with the file's line, not later", () => {
    const read = outlook.settings.safeParse({ tenant: "contoso.example", clientId: "app-1" });

    expect(read.error?.issues[0]).toMatchObject({
      path: ["clientSecret"],
      message: expect.stringContaining("all three"),
    });
    expect(outlook.settings.safeParse({ authored: ["title"] }).success).toBe(false);
  });
});
