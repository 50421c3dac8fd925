import { describe, expect, test, vi } from "vitest";
import { timedFetch } from "../../shared/edge/timed-fetch.ts";

describe("the transport that providers are given", () => {
  test("gives up after ten seconds, even while the caller's own signal stands", async () => {
    const limit = new AbortController();
    const asked = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const waiting = timedFetch(silent)("http://provider.test/", { signal: new AbortController().signal });

    limit.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));

    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    expect(asked).toHaveBeenCalledWith(10_000);
    asked.mockRestore();
  });

  test("hands the caller's own abort on", async () => {
    const caller = new AbortController();
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const waiting = timedFetch(silent)("http://provider.test/", { signal: caller.signal });

    caller.abort(new Error("called off"));

    await expect(waiting).rejects.toThrow("called off");
  });
});
