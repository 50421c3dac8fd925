import { onEmulators } from "../contract/emulated.ts";
import { describeChecklist } from "./checklist.ts";

// The clients' variables are emptied, so that `--emulators` starts its own, as on a machine that has the SDK.
const env = { FIRESTORE_EMULATOR_HOST: "", PUBSUB_EMULATOR_HOST: "" };

await onEmulators("npm start -- --emulators", () =>
  describeChecklist("the official emulators", { args: ["--emulators"], env, withinMs: 30_000 }),
);
