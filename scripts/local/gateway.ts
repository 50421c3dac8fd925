import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { createEdgeServer } from "../../shared/cloud/edge-server.ts";
import { endStreams, respond } from "../../shared/cloud/frame.ts";
import { LockstepError } from "../../shared/errors.ts";
import { checkCaller } from "./host-guard.ts";

export interface Gateway {
  readonly port: number;
  /** `http://localhost:PORT` */
  readonly url: string;
  /** Functions by the first part of their address; requests before this are told to come back. */
  mount(functions: ReadonlyMap<string, RequestListener>): void;
  /** From now on `GET /health` is 200. */
  ready(): void;
  /** Takes no more requests and resolves when the running ones are answered, at most after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * One address in front of all functions, on this machine only:
 *
 *     http://localhost:8080/<function>/…   the function      GET /health   200 once everything is up
 *     http://localhost:8080/               the dashboard
 */
export async function openGateway(port: number): Promise<Gateway> {
  const state: GatewayState = { functions: new Map(), ready: false, port };
  const server = createEdgeServer((req, res) => route(state, req, res));
  state.port = await listenLocally(server, port, "--port");
  return {
    port: state.port,
    url: `http://localhost:${state.port}`,
    mount: (functions) => {
      state.functions = functions;
    },
    ready: () => {
      state.ready = true;
    },
    close: (graceMs) => {
      endStreams();
      return closeServer(server, graceMs);
    },
  };
}

interface GatewayState {
  functions: ReadonlyMap<string, RequestListener>;
  ready: boolean;
  port: number;
}

function route(state: GatewayState, req: IncomingMessage, res: ServerResponse): void {
  try {
    checkCaller(req.headers, state.port);
    const name = nameOf(req.url ?? "/");
    if (name === "health") {
      void respond(req, res, async () => health(state));
      return;
    }
    const listener = state.functions.get(name);
    if (listener === undefined) throw unknownAddress(state, name);
    listener(req, res);
  } catch (error) {
    req.resume();
    void respond(req, res, () => Promise.reject(error));
  }
}

/** The function an address is of; the dashboard and its files are the API's. */
function nameOf(url: string): string {
  const first = /^\/+([^/?]*)/.exec(url)?.[1] ?? "";
  return first === "" || first === "assets" ? "api" : first;
}

function health(state: GatewayState): EdgeAnswer {
  return state.ready
    ? { status: 200, json: { status: "ok", functions: [...state.functions.keys()].sort() } }
    : { status: 503, json: { status: "starting" }, headers: { "retry-after": "1" } };
}

function unknownAddress(state: GatewayState, name: string): LockstepError {
  const known = [...state.functions.keys()].sort().map((each) => `/${each}`);
  return new LockstepError("NOT_FOUND", {
    detail: `There is no function "${name.slice(0, 80)}" here; there are ${[...known, "/health"].join(", ")}.`,
  });
}

/** Listens on 127.0.0.1 and answers the port. Throws CONFIG_INVALID where it is taken, naming the option to change. */
export async function listenLocally(server: Server, port: number, option: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, port, option)));
    server.listen(port, "127.0.0.1", resolve);
  });
  // Proof: a server that listens on a host and port has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function cannotListen(cause: NodeJS.ErrnoException, port: number, option: string): LockstepError {
  const reason =
    cause.code === "EADDRINUSE"
      ? `Port ${port} is in use by another program`
      : `Port ${port} cannot be opened (${cause.code ?? cause.message})`;
  return new LockstepError("CONFIG_INVALID", { detail: `${reason}. Choose another: npm start -- ${option} N`, cause });
}

/** Ends idle connections at once, busy ones when answered or after `graceMs`. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
}
