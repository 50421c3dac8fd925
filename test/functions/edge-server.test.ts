import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEdgeServer } from "../../shared/cloud/edge-server.ts";
import { sendBytes } from "../fuzz/send.ts";

const server = createEdgeServer((req, res) => {
  req.resume();
  req.on("end", () => setTimeout(() => res.end("well"), 5));
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Proof: a server that listens on a host and port has an AddressInfo.
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const GOOD = "GET /a HTTP/1.1\r\nhost: x\r\n\r\n";

const REFUSED: [string, string, number, string][] = [
  ["what is no HTTP", "hello\r\n\r\n", 400, "INVALID_REQUEST"],
  ["a request without a host", "GET / HTTP/1.1\r\n\r\n", 400, "INVALID_REQUEST"],
  ["a head too large", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, 431, "INVALID_REQUEST"],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    400,
    "INVALID_REQUEST",
  ],
  ["a tunnel", "CONNECT a.example:443 HTTP/1.1\r\nhost: x\r\n\r\n", 405, "METHOD_NOT_ALLOWED"],
];

for (const [what, text, status, code] of REFUSED) {
  test(`${what} is a problem, not the empty answer or silence of Node`, async () => {
    const answer = await sendBytes(port, Buffer.from(text));

    expect([answer.status, answer.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code, trace: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
}

test("a body that breaks off is refused at once", async () => {
  const answer = await sendBytes(
    port,
    Buffer.from("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf"),
    true,
  );

  expect(answer.status).toBe(400);
});

test("an expectation nobody can meet does not keep a request from its answer", async () => {
  const answer = await sendBytes(port, Buffer.from("GET / HTTP/1.1\r\nhost: x\r\nexpect: a miracle\r\n\r\n"));

  expect(answer.status).toBe(200);
});

test("a broken request behind a good one does not spoil its answer, and is refused after it", async () => {
  const text = await readAll(`${GOOD}nonsense\r\n\r\n`);

  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
});

test("a connection that was used well before is refused aloud too", async () => {
  const text = await readAll(GOOD, "nonsense\r\n\r\n");

  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
});

/** Everything one connection answers; each further part is sent when something was answered. */
function readAll(...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(parts.shift() ?? ""));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      const next = parts.shift();
      if (next !== undefined) setTimeout(() => socket.write(next), 20);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}
