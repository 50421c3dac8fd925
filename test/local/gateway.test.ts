import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../scripts/local/gateway.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe("the local gateway", () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await openGateway(0);
    gateway.mount(new Map([["echo", (req, res) => res.end(`echo ${req.url}`)]]));
  });
  afterAll(() => gateway.close(100));

  /** A request with exactly these headers, which fetch would not allow. */
  function call(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = { host: `localhost:${gateway.port}`, ...headers };
      const req = request({ host: "127.0.0.1", port: gateway.port, path, headers: sent }, (res) => {
        let body = "";
        res.on("data", (chunk) => {
          body += String(chunk);
        });
        res.on("end", () => resolve({ status: res.statusCode ?? 0, body }));
      });
      req.on("error", reject).end();
    });
  }

  test("health says 503 while starting and 200 once ready", async () => {
    const before = await call("/health");
    gateway.ready();
    const after = await call("/health");

    expect([before.status, after.status]).toEqual([503, 200]);
  });

  test("a function is reached below its name, with path and query", async () => {
    expect(await call("/echo/a?b=c")).toEqual({ status: 200, body: "echo /echo/a?b=c" });
  });

  test("an unknown function is a 404 problem that names what there is", async () => {
    const answer = await call("/nothing");

    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: "NOT_FOUND",
      detail: expect.stringContaining("/echo, /health"),
    });
  });

  test.each(["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])("it answers to the name %s", async (name) => {
    expect((await call("/echo", { host: `${name}:${gateway.port}` })).status).toBe(200);
  });

  test.each([
    ["another name that points here (DNS rebinding)", { host: "evil.example" }],
    ["another name with our port", () => ({ host: `evil.example:${gateway.port}` })],
    ["our name with another port", { host: "localhost:1" }],
    ["a page of another site (CSRF)", { origin: "https://evil.example" }],
    ["a sandboxed page", { origin: "null" }],
    ["a page on another port of this machine", { origin: "http://localhost:3000" }],
    ["an image on another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
  ])("a request from %s is refused", async (_from, headers) => {
    const answer = await call("/echo", typeof headers === "function" ? headers() : headers);

    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "FOREIGN_CALLER" });
  });

  test("our own pages, and a link followed from elsewhere, are answered", async () => {
    const own = await call("/echo", { origin: `http://localhost:${gateway.port}`, "sec-fetch-site": "same-origin" });
    const link = await call("/echo", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" });

    expect([own.status, link.status]).toEqual([200, 200]);
  });

  test("a port in use is an error that names the option to change", async () => {
    await expect(openGateway(gateway.port)).rejects.toThrow(`Port ${gateway.port} is in use by another program`);
    await expect(openGateway(gateway.port)).rejects.toThrow("npm start -- --port N");
  });
});
