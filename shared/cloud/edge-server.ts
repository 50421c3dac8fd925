import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { LockstepError } from "../errors.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";

/**
 * The HTTP server under every edge, in the cloud and on one machine. What Node would refuse by itself, with an
 * empty answer or none, is a problem here too: what is no HTTP, a head too large, a sender too slow, a tunnel.
 */
export function createEdgeServer(listener: RequestListener): Server {
  const last = new WeakMap<Duplex, Exchange>();
  const listen: RequestListener = (req, res) => {
    last.set(req.socket, { req, res });
    if (lacksHost(req)) refuse(req.socket, 400, "an HTTP/1.1 request names its host");
    else listener(req, res);
  };
  const server = createServer({ requireHostHeader: false }, listen);
  // An expectation may be left unmet (RFC 9110 §10.1.1); the request itself is answered as any other.
  server.on("checkExpectation", listen);
  server.on("connect", (_req, socket) => refuse(socket, 405, "there are no tunnels here"));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = STATUSES[error.code ?? ""] ?? 400;
    inTurn(last.get(socket), socket, () => refuse(socket, status, "it is not HTTP as this server reads it"));
  });
  return server;
}

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** Refuses what came behind the last request of a connection when that is answered; its own broken body at once. */
function inTurn(last: Exchange | undefined, socket: Duplex, refuseIt: () => void): void {
  if (last === undefined || last.res.writableFinished) refuseIt();
  else if (last.req.complete) last.res.once("finish", refuseIt);
  else if (last.res.headersSent) socket.destroy();
  else refuseIt();
}

/** As Node answers its own refusals, by their codes. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** RFC 9112 §3.2. */
function lacksHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === "1.1" && headers.host === undefined;
}

/** Answers past any request and hangs up. */
function refuse(socket: Duplex, status: number, why: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const error = new LockstepError(status === 405 ? "METHOD_NOT_ALLOWED" : "INVALID_REQUEST", {
    detail: `The request cannot be read: ${why}.`,
  });
  const body = JSON.stringify(problemOf(error, crypto.randomUUID().replaceAll("-", ""), status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 405 ? ["allow: GET, POST"] : []),
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
