import { connect } from "node:net";

/** A request as it goes over the wire; nothing is checked or added but what stands here. */
export interface Sent {
  readonly method: string;
  /** Path and query, as written on the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface Answer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The answer to HEAD, and 204: nothing follows the headers. */
  readonly bodiless: boolean;
}

/** Longer than this, an answer counts as none. */
const PATIENCE_MS = 20_000;

/** Sends a request with host and length where it brings none of its own. */
export function send(port: number, sent: Sent): Promise<Answer> {
  const brings = (name: string) => sent.headers.some(([each]) => each.toLowerCase() === name);
  const framed = brings("content-length") || brings("transfer-encoding");
  const headers = [
    ...(brings("host") ? [] : [["host", `localhost:${port}`] as const]),
    ...sent.headers,
    ...(framed || sent.body.length === 0 ? [] : [["content-length", String(sent.body.length)] as const]),
  ];
  const lines = [`${sent.method} ${sent.target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return sendBytes(port, Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), sent.body]));
}

/**
 * Sends exactly these bytes; `hangUp` ends our half of the connection behind them. Throws where there is no
 * answer in time.
 */
export function sendBytes(port: number, bytes: Buffer, hangUp = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const received: Buffer[] = [];
    const end = (answer: Answer | undefined) => {
      clearTimeout(late);
      socket.destroy();
      resolve(answer ?? { status: 0, headers: {}, body: "", bodiless: true });
    };
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    const read = (closed: boolean) => readAnswer(Buffer.concat(received), isHead(bytes), closed);
    socket.on("connect", () => (hangUp ? socket.end(bytes) : socket.write(bytes)));
    socket.on("data", (part) => {
      received.push(part);
      const answer = read(false);
      if (answer !== undefined) end(answer);
    });
    socket.on("error", () => end(read(true)));
    socket.on("close", () => end(read(true)));
  });
}

function isHead(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).toString("latin1") === "HEAD ";
}

/** The answer, once all of it is there; interim ones (1xx) are skipped. */
function readAnswer(bytes: Buffer, toHead: boolean, closed: boolean): Answer | undefined {
  const text = bytes.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  const rest = bytes.subarray(headEnd + 4);
  if (status >= 100 && status < 200) return readAnswer(rest, toHead, closed);
  const headers = Object.fromEntries(lines.map(headerOf));
  const bodiless = toHead || status === 204;
  const body = bodiless ? Buffer.alloc(0) : bodyOf(rest, headers, closed);
  return body && { status, headers, body: body.toString("utf8"), bodiless };
}

/** Undefined while it is not all there. */
function bodyOf(bytes: Buffer, headers: Answer["headers"], closed: boolean): Buffer | undefined {
  if (headers["transfer-encoding"] === "chunked") return joinChunks(bytes);
  const length = headers["content-length"];
  if (length === undefined) return closed ? bytes : undefined;
  return bytes.length < Number(length) ? undefined : bytes;
}

function joinChunks(bytes: Buffer): Buffer | undefined {
  const lineEnd = bytes.indexOf("\r\n");
  if (lineEnd < 0) return undefined;
  const size = Number.parseInt(bytes.subarray(0, lineEnd).toString("latin1"), 16);
  if (size === 0) return Buffer.alloc(0);
  const start = lineEnd + 2;
  const rest = bytes.length < start + size + 2 ? undefined : joinChunks(bytes.subarray(start + size + 2));
  return rest && Buffer.concat([bytes.subarray(start, start + size), rest]);
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

const SHOWN = 1_500;

/** The request as a person reads it in a failure. */
export function showSent(sent: Sent): string {
  const head = [`${sent.method} ${sent.target}`, ...sent.headers.map(([name, value]) => `${name}: ${value}`)];
  const body = sent.body.toString("utf8");
  return [...head, "", body, ...messageIn(body)].map((line) => cut(line)).join("\n");
}

/** What a push carries, readable. */
function messageIn(body: string): string[] {
  const [, data] = /"data":"([A-Za-z0-9+/=]+)"/.exec(body) ?? [];
  return data === undefined ? [] : [`message.data: ${Buffer.from(data, "base64").toString()}`];
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
