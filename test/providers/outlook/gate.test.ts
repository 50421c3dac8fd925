import { expect, test } from "vitest";
import { openGate } from "../../../shared/providers/outlook/gate.ts";

/** Work that ends when it is told to, and what is running meanwhile. */
function openWork() {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async () => {
    running.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    running.splice(running.indexOf(name), 1);
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await settled();
  };
  return { running, work, end };
}

/** After everything that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("a fifth call on a mailbox waits for one of the four before it; another mailbox does not", async () => {
  const gate = openGate(4);
  const { running, work, end } = openWork();

  const all = ["a", "b", "c", "d", "e"].map((name) => gate("room-1", 1, work(name)));
  const other = gate("room-2", 1, work("z"));
  await settled();
  expect(running).toEqual(["a", "b", "c", "d", "z"]);
  await end("b");

  expect(running).toEqual(["a", "c", "d", "z", "e"]);
  for (const name of ["a", "c", "d", "e", "z"]) await end(name);
  await Promise.all([...all, other]);
});

test("a batch takes all four places, in its turn, and nobody overtakes it", async () => {
  const gate = openGate(4);
  const { running, work, end } = openWork();

  const all = [gate("room", 1, work("a")), gate("room", 4, work("batch")), gate("room", 1, work("c"))];
  await settled();
  expect(running).toEqual(["a"]);
  await end("a");
  expect(running).toEqual(["batch"]);
  await end("batch");

  expect(running).toEqual(["c"]);
  await end("c");
  await Promise.all(all);
});

test("a call that fails gives its place back", async () => {
  const gate = openGate(1);

  await expect(gate("room", 1, () => Promise.reject(new Error("down")))).rejects.toThrow("down");

  expect(await gate("room", 1, async () => "next")).toBe("next");
});
