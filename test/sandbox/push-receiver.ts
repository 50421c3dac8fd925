import { createServer } from "node:http";

/** One item of a message, of a change or of a subscription's life. */
export interface Item {
  readonly subscriptionId: string;
  readonly subscriptionExpirationDateTime: string;
  readonly clientState: string;
  readonly changeType?: string;
  readonly lifecycleEvent?: string;
  readonly resource?: string;
  readonly resourceData?: { readonly id: string };
}

/** How to answer a handshake in place of the right way. */
export interface Handshake {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  /** The token as it stands in the address, not decoded. */
  readonly encoded?: boolean;
}

/** A server as Graph wants one: it answers handshakes, keeps messages, and answers the statuses it is given, then 202. */
export interface PushReceiver {
  /** Without a path. */
  readonly url: string;
  readonly handshakes: { readonly path: string; readonly token: string }[];
  readonly messages: { readonly path: string; readonly items: readonly Item[] }[];
  items(): readonly Item[];
  shakeWith(handshake: Handshake): void;
  answer(...statuses: number[]): void;
  /** What happens before each answer to a message. */
  before(act: () => void): void;
  close(): Promise<void>;
}

export async function openPushReceiver(): Promise<PushReceiver> {
  const handshakes: { path: string; token: string }[] = [];
  const messages: { path: string; items: readonly Item[] }[] = [];
  const statuses: number[] = [];
  let handshake: Handshake = {};
  let act: () => void = () => {};
  const server = createServer(async (request, response) => {
    const { pathname, searchParams, search } = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const token = searchParams.get("validationToken");
    if (token !== null) {
      handshakes.push({ path: pathname, token });
      const { status = 200, type = "text/plain", encoded = false } = handshake;
      const body = handshake.body ?? (encoded ? search.replace("?validationToken=", "") : token);
      response.writeHead(status, { "content-type": type }).end(body);
      return;
    }
    messages.push({ path: pathname, items: JSON.parse(Buffer.concat(chunks).toString()).value });
    act();
    response.writeHead(statuses.shift() ?? 202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    handshakes,
    messages,
    items: () => messages.flatMap(({ items }) => items),
    shakeWith: (next) => {
      handshake = next;
    },
    answer: (...next) => statuses.push(...next),
    before: (next) => {
      act = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
