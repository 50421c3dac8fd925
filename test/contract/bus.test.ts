import { openSqliteBus } from "../../shared/embedded/sqlite-bus.ts";
import { contractSubscriptions, testBusContract } from "./bus.ts";

testBusContract({
  name: "SQLite",
  notModelled: {},
  async open(handler) {
    const bus = openSqliteBus({
      file: ":memory:",
      subscriptions: contractSubscriptions("t-"),
      push: async (spec, envelope) => ({ status: await handler(spec.name, envelope) }),
    });
    bus.start();
    return { publisher: bus, prefix: "t-", close: () => bus.close() };
  },
});
