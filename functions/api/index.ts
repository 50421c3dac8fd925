import { defineFunction } from "../../shared/cloud/frame.ts";
import { LockstepError } from "../../shared/errors.ts";

defineFunction({
  name: "api",
  auth: "public",
  methods: ["GET", "POST"],
  handle: async (request) => {
    if (request.path[0] === "health") {
      return { status: 200, json: { status: "ok" } };
    }
    throw new LockstepError("NOT_FOUND", { detail: "There is no such address." });
  },
});
