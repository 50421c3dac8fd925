import type { MailboxReader } from "../../ports/mailbox.ts";
import type { MailboxProvider } from "../../ports/provider.ts";
import { openAccess } from "./access.ts";
import { openClient } from "./client.ts";
import { openReader } from "./read.ts";
import { Settings } from "./schema.ts";
import { openSignIn } from "./sign-in.ts";
import { openWatcher } from "./watch.ts";

/** Beyond this many it forgets the oldest: all that is lost is an access token. */
const MAX_OPEN = 200;

/** Gmail, API v1, read by permission of each mailbox's owner. */
export const gmail: MailboxProvider<typeof Settings> = {
  kind: "mailbox",
  name: "gmail",
  label: "GMAIL",
  root: { url: "https://gmail.googleapis.com", variable: "GMAIL_API_ROOT" },
  settings: Settings,
  connect(connection) {
    const signIn = openSignIn(connection);
    const open = new Map<string, MailboxReader>();
    return {
      ...signIn,
      open(grant) {
        const known = open.get(grant.id);
        if (known !== undefined) return known;
        const client = openClient(connection, openAccess(signIn, grant, connection.clock));
        const reader = { ...openReader(client), ...openWatcher(client, connection.settings) };
        const [oldest] = open.keys();
        if (oldest !== undefined && open.size >= MAX_OPEN) open.delete(oldest);
        open.set(grant.id, reader);
        return reader;
      },
    };
  },
};
