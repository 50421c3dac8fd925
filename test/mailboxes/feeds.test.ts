import { afterEach, expect, test } from "vitest";
import { seedDemo } from "../../scripts/sandbox/seed-demo.ts";
import type { Config } from "../../shared/config.ts";
import type { BookingDoc } from "../../shared/flows/documents.ts";
import { createConnection } from "../../shared/flows/mail/edit-connection.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import { openStudio, type Studio, WS } from "../flows/studio.ts";
import { demoConfig } from "../functions/edge-bench.ts";
import { all, connect, PATIENCE, questions } from "./lets.ts";

let studio: Studio;
afterEach(() => studio.sandbox.close());

/** The demo's co-host alone. */
function letsOfDemo(): Config {
  const { lets } = demoConfig().workspaces;
  if (lets === undefined) throw new Error("the demo has a co-host");
  return { workspaces: { [WS]: lets } };
}

async function openCoHost(): Promise<string> {
  studio = await openStudio({ config: letsOfDemo() });
  seedDemo(studio.sandbox);
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  const words = { platform: "airbnb", label: "Reservations" } as const;
  const { id } = await createConnection(studio.world, WS, words, "test");
  await connect(studio, id);
  return id;
}

test("stays of iCal feeds get their guests by the mails' codes, over two homes, and the events say so", async () => {
  const id = await openCoHost();

  const run = await syncConnection(studio.world, WS, id, PATIENCE);
  await studio.settle();

  expect(run).toMatchObject({ scanned: 5, enriched: 3, asked: 1 });
  const named = (await all<BookingDoc>(studio, "bookings")).filter(({ enrichment }) => enrichment?.guestName);
  expect(
    named
      .map(({ enrichment, seen }) => [
        enrichment?.guestName?.value,
        enrichment?.guestName?.reason,
        seen?.fields["code"],
      ])
      .sort(),
  ).toEqual([
    ["Jean Petit", "Code Match", "HMX3C9V1BN"],
    ["Nora Lind", "Code Match", "HMQ4R7T2WX"],
    ["Samira Khan", "Code Match", "HMB8K2N5ZD"],
  ]);
  const events = [...(await studio.events("lets-cottage@sandbox")), ...(await studio.events("lets-mill@sandbox"))];
  const titles = events.map(({ summary }) => String(summary));
  expect(titles.filter((title) => /Jean Petit|Nora Lind|Samira Khan/.test(title))).toHaveLength(3);
  expect(await questions(studio)).toMatchObject([{ kind: "mail-unmatched" }]);
});

test("S52: feeds read again, twice, keep what the mails added, and nothing is written", async () => {
  const id = await openCoHost();
  await syncConnection(studio.world, WS, id, PATIENCE);
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  studio.providerCalls();

  await studio.turnSchedulers();

  expect(studio.providerCalls().filter((call) => /^(POST|PATCH|PUT|DELETE) \/google/.test(call))).toEqual([]);
  const named = (await all<BookingDoc>(studio, "bookings")).filter(({ enrichment }) => enrichment?.guestName);
  expect(named).toHaveLength(3);
});
