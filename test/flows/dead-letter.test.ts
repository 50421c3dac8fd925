import { expect, test } from "vitest";
import { keepDeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { BAY_1, openRunningStudio } from "./studio.ts";

test("a dead-lettered message has the sweep look at what it was about (R6)", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await studio.sandbox.tick();
  const [message] = studio.publisher.published;
  studio.publisher.take();

  await keepDeadLetter(studio.world, {
    message: {
      messageId: "7",
      publishTime: studio.clock.now(),
      data: Buffer.from(message?.data ?? "").toString("base64"),
      attributes: { ws: "loft" },
    },
    subscription: "dead-letters",
  });
  await studio.sweep();

  expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-12T14:00:00");
});
