import { afterEach, expect, test } from "vitest";
import { openPubsubDoor, type PubsubDoor } from "../../scripts/local/pubsub-door.ts";
import { memoryPublisher } from "../fakes/memory-publisher.ts";

let door: PubsubDoor;
afterEach(() => door.close());

async function publish(topic: string, body: object): Promise<number> {
  const address = `${door.url}/v1/projects/lets/topics/${topic}:publish`;
  return (await fetch(address, { method: "POST", body: JSON.stringify(body) })).status;
}

test("what Gmail publishes to its topic comes onto the local bus; other topics and no messages do not", async () => {
  const publisher = memoryPublisher();
  door = await openPubsubDoor(publisher, ["mailbox-touched"]);
  const notice = { emailAddress: "anna@host.example", historyId: 1002 };
  const messages = [{ data: Buffer.from(JSON.stringify(notice)).toString("base64") }];

  const statuses = [
    await publish("mailbox-touched", { messages }),
    await publish("observations", { messages }),
    await publish("mailbox-touched", { messages: "none" }),
  ];

  expect(statuses).toEqual([200, 404, 400]);
  expect(publisher.take()).toEqual([notice]);
});
