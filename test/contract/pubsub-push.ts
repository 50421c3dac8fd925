import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { openPubsubPublisher } from "../../shared/cloud/pubsub-publisher.ts";
import { createSubscriptions } from "../../shared/cloud/pubsub-topology.ts";
import type { PushEnvelope } from "../../shared/ports/bus.ts";
import { contractSubscriptions, type Handler, type OpenBus } from "./bus.ts";
import { PROJECT } from "./emulated.ts";

/** Push subscriptions to an HTTP server of ours; what the emulator POSTs goes to the handler as it is. */
export async function pubsubOverPush(handler: Handler): Promise<OpenBus> {
  const prefix = `push-${Date.now().toString(36)}-`;
  const server = createServer(async (request, response) => {
    // The emulator is the only caller; the contract's cases look at the fields.
    const envelope = JSON.parse(await bodyOf(request)) as PushEnvelope;
    const status = await handler(request.url?.slice(1) ?? "", envelope).catch(() => undefined);
    if (status === undefined) request.socket.destroy();
    else response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, a server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  await createSubscriptions({
    projectId: PROJECT,
    subscriptions: contractSubscriptions(prefix),
    endpoint: ({ name }) => `http://127.0.0.1:${port}/${name}`,
  });
  const publisher = openPubsubPublisher(PROJECT);
  return {
    publisher,
    prefix,
    async close() {
      await publisher.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
