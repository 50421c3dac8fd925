import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * Two projects: `unit` runs side by side on every core; `e2e` starts whole processes and measures
 * real time, so its files run one after the other, and after the others.
 */
export default defineConfig({
  test: {
    env: { METADATA_SERVER_DETECTION: "none" },
    globalSetup: ["test/emulators-setup.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          root: ".",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
          maxWorkers: availableParallelism(), // the default leaves one core idle
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          root: ".",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
