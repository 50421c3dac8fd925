import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";

const FOLDER = "shared/providers/portico";
const SSL_REQUEST = 80_877_103;
const TERMINATE = "X";

/** Looks at each message of a client before the engine does; "handled" where the engine is to know nothing of it. */
export interface Interceptor {
  /** A connection asks to be let in. */
  onStart(connection: Wire): "go on" | "handled";
  /** A statement, by its text. */
  onStatement(text: string, connection: Wire): Promise<"go on" | "handled">;
  /** True where the answer to the last statement is to be lost with its connection. */
  losesAnswer(text: string, isIdle: boolean): boolean;
}

/** One client's connection. */
export interface Wire {
  /** Answers as the server would, with an error of that state; a fatal one ends the connection. */
  refuse(state: string, severity: "ERROR" | "FATAL"): void;
  /** Something that is not the protocol. */
  babble(): void;
  /** Ends without a word. */
  drop(): void;
}

/** PostgreSQL itself, in this process, with Portico's tables, behind a real port. */
export interface Engine {
  readonly db: PGlite;
  readonly url: string;
  /** Whoever looks at messages from now on. */
  intercept(interceptor: Interceptor | undefined): void;
  /** Ends every connection, as a restart does. */
  dropAll(): Promise<void>;
  /** The tables as the fixture has them. */
  reset(): Promise<void>;
}

/** Foreign keys are looked at row by row, which takes seconds where thousands of rows are put there. */
export const WITHOUT_CHECKS = "SET session_replication_role = replica;";
export const WITH_CHECKS = "SET session_replication_role = DEFAULT;";

/** Started once for each process: it takes seconds, and there is only one session in it. */
export function sharedEngine(): Promise<Engine> {
  started ??= startEngine();
  return started;
}
let started: Promise<Engine> | undefined;

async function startEngine(): Promise<Engine> {
  const db = await PGlite.create();
  const files = ["fixtures/portico.sql", "lockstep-import.sql"].map((file) =>
    readFileSync(`${FOLDER}/${file}`, "utf8"),
  );
  await db.exec(files.join("\n"));
  let interceptor: Interceptor | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(db, socket, () => interceptor);
  });
  const port = await listen(server);
  return {
    db,
    url: `postgres://lockstep:of-no-use@127.0.0.1:${port}/portico`,
    intercept: (next) => {
      interceptor = next;
    },
    async dropAll() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
    reset: async () => void (await db.exec(RESET)),
  };
}

const FILLED = [
  ...["bb_event", "bb_event_resource", "bb_event_date", "bb_event_agegroup", "bb_event_targetaudience"],
  ...["bb_booking", "bb_booking_resource", "bb_allocation", "bb_allocation_resource", "lockstep_import"],
];

/** Few rows go sooner so than by TRUNCATE, which makes new files; and with all of them gone no key needs to be checked. */
const RESET = `RESET ROLE; ${WITHOUT_CHECKS} ${FILLED.map((table) => `DELETE FROM ${table};`).join(" ")} ${WITH_CHECKS}
  UPDATE bb_resource SET active = 1;`;

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

/**
 * Carries PostgreSQL's messages between a client and the engine, one at a time and in order. All clients share the one
 * session: two transactions at once are for the real server.
 */
function serve(db: PGlite, socket: Socket, interceptor: () => Interceptor | undefined): void {
  let buffer = Buffer.alloc(0);
  let isStarted = false;
  let turn: Promise<void> = Promise.resolve();
  let text = "";
  /** Its last word on where this client stands: `I` is outside of a transaction. */
  let status = "I";
  /** After a refusal the client's messages up to Sync are passed over, as the server does. */
  let isSkipping = false;
  const wire: Wire = {
    refuse(state, severity) {
      const ready = severity === "ERROR" ? message("Z", Buffer.from("I")) : Buffer.alloc(0);
      socket.write(Buffer.concat([message("E", errorFields(state, severity)), ready]));
      if (severity === "FATAL") socket.end();
    },
    babble: () => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    drop: () => void socket.destroy(),
  };

  async function handle(raw: Buffer): Promise<void> {
    if (socket.destroyed || socket.writableEnded) return;
    if (!isStarted) {
      isStarted = true;
      if (interceptor()?.onStart(wire) === "handled") return;
    } else {
      const type = String.fromCharCode(raw[0] ?? 0);
      if (isSkipping) {
        isSkipping = type !== "S" && type !== "Q";
        return;
      }
      if (type === TERMINATE) return void socket.end();
      if (type === "Q" || type === "P") {
        text = textOf(type, raw);
        if ((await interceptor()?.onStatement(text, wire)) === "handled") {
          isSkipping = type === "P";
          return;
        }
      }
    }
    const answer = Buffer.from(await db.execProtocolRaw(Uint8Array.from(raw)));
    const isReady = answer.length >= 6 && answer[answer.length - 6] === 0x5a;
    if (isReady) status = String.fromCharCode(answer[answer.length - 1] ?? 0);
    if (isReady && interceptor()?.losesAnswer(text, status === "I")) return void socket.destroy();
    socket.write(answer);
  }

  socket.on("error", () => undefined);
  socket.on("close", () => {
    turn = turn.then(async () => void (status !== "I" && (await db.exec("ROLLBACK"))));
  });
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (let raw = next(); raw !== undefined; raw = next()) {
      const whole = raw;
      if (whole.length === 8 && whole.readUInt32BE(4) === SSL_REQUEST) socket.write("N");
      else turn = turn.then(() => handle(whole));
    }
  });

  function next(): Buffer | undefined {
    const isTyped = isStarted || (buffer[0] ?? 0) !== 0;
    const head = isTyped ? 1 : 0;
    if (buffer.length < head + 4) return undefined;
    const length = head + buffer.readUInt32BE(head);
    if (buffer.length < length) return undefined;
    const raw = buffer.subarray(0, length);
    buffer = buffer.subarray(length);
    return raw;
  }
}

/** `Q` is text; `P` a name, then text. */
function textOf(type: string, raw: Buffer): string {
  const parts = raw.subarray(5).toString("utf8").split("\u0000");
  return (type === "Q" ? parts[0] : parts[1])?.trim() ?? "";
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function errorFields(state: string, severity: string): Buffer {
  return Buffer.from(`S${severity}\0V${severity}\0C${state}\0MKari Nordmann, 01017012345\0\0`);
}
