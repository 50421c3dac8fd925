import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleModule } from "../../scripts/bundle/bundle-module.ts";
import { networkReason } from "../../shared/providers/network-reason.ts";
import { transport as onThisNode } from "./transport.ts";

const ANSWERS: Readonly<Record<string, RequestListener>> = {
  "/echo": async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk));
    const asked = { method: req.method, type: req.headers["content-type"], key: req.headers.authorization };
    res.setHeader("etag", '"1"');
    res.end(JSON.stringify({ ...asked, body: Buffer.concat(chunks).toString() }));
  },
  "/nothing": (_req, res) => void res.writeHead(204).end(),
  "/packed": (_req, res) => void res.setHeader("content-encoding", "gzip").end(gzipSync("unpacked")),
  "/elsewhere": (_req, res) => void res.writeHead(302, { location: "/echo" }).end(),
  "/cut": (_req, res) => {
    res.writeHead(200, { "content-length": "100" });
    res.write("half of it", () => res.destroy());
  },
  "/hanging": (_req, res) => void res.writeHead(200).write("half of it"),
  "/endless": (_req, res) => {
    const chunk = Buffer.alloc(1_000_000);
    const more = () => res.write(chunk, (error) => error || more());
    more();
  },
};

const folder = mkdtempSync(join(tmpdir(), "lockstep-transport-"));
const bundled = join(folder, "transport.cjs");
let server: Server;
let root: string;
beforeAll(async () => {
  await bundleModule(resolve("."), "./test/edge/transport.ts", bundled);
  server = createServer((req, res) => ANSWERS[req.url?.split("?")[0] ?? ""]?.(req, res));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  // Listening on TCP, a server's address is an AddressInfo.
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

for (const [where, load] of [
  ["on one machine", () => onThisNode],
  ["in a bundle", (): typeof fetch => createRequire(import.meta.url)(bundled).transport],
] as const) {
  describe(`what providers are called by, ${where}`, () => {
    test("sends method, headers and body, and gives the whole answer", async () => {
      const headers = { "content-type": "application/json", authorization: "Bearer key" };

      const answer = await load()(`${root}/echo`, { method: "POST", headers, body: '{"one":1}' });

      expect([answer.status, answer.ok, answer.headers.get("ETag")]).toEqual([200, true, '"1"']);
      expect(await answer.json()).toEqual({
        ...{ method: "POST", type: "application/json", key: "Bearer key", body: '{"one":1}' },
      });
    });

    test("knows an answer without a body, and unpacks a packed one", async () => {
      const nothing = await load()(`${root}/nothing`);
      const packed = await load()(`${root}/packed`);

      expect([nothing.status, nothing.body, await nothing.text()]).toEqual([204, null, ""]);
      expect(await packed.text()).toBe("unpacked");
    });

    test("does with a redirect as it is told", async () => {
      const manual = await load()(`${root}/elsewhere`, { redirect: "manual" });

      expect([manual.status, manual.headers.get("location")?.replace(root, "")]).toEqual([302, "/echo"]);
      expect(await (await load()(`${root}/elsewhere`)).json()).toMatchObject({ method: "GET" });
      await expect(load()(`${root}/elsewhere`, { redirect: "error" })).rejects.toThrow(TypeError);
    });

    test("a cut or endless answer, and none at all, are failures with a code and without an address (S33)", async () => {
      const silent = createServer();
      await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
      // Listening on TCP, a server's address is an AddressInfo.
      const closed = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      await new Promise((done) => silent.close(done));

      const failures = await Promise.all(
        [`${root}/cut?key=canary`, `${root}/endless?key=canary`, `${closed}/?key=canary`].map((url) =>
          load()(url).catch((error: unknown) => error),
        ),
      );

      for (const failure of failures) {
        expect(failure).toBeInstanceOf(TypeError);
        const { message, stack, cause } = failure as Error;
        expect(`${message} ${stack} ${cause} ${(cause as Error).stack}`).not.toContain("canary");
      }
      expect(networkReason(failures[2])).toBe("ECONNREFUSED");
    });

    test("gives up with the caller's own reason, in the middle of an answer too", async () => {
      const caller = new AbortController();
      const waiting = load()(`${root}/hanging`, { signal: caller.signal });
      setTimeout(() => caller.abort(new Error("called off")), 100);

      await expect(waiting).rejects.toThrow("called off");
    });
  });
}
