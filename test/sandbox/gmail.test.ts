import { afterEach, beforeEach, expect, test } from "vitest";
import { receive } from "./receiver.ts";
import { type Answer, openStudio, type Studio } from "./harness.ts";

const ANNA = "anna@host.example";
const REDIRECT = "http://localhost:8080/api/connections/gmail/callback";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
  await studio.call("/sandbox/gmail/accounts", { email: ANNA });
});
afterEach(() => studio.sandbox.close());
