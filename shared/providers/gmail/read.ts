import { type ErrorCode, isError } from "../../errors.ts";
import type { MailboxReader } from "../../ports/mailbox.ts";
import type { Client } from "./client.ts";
import type { Failure } from "./failures.ts";
import { HistoryList, Labels, MessageList, Profile, RawMessage } from "./schema.ts";
import { addedIn, toRawMail } from "./translate.ts";

/** What Google gives at most. */
const PAGE = 500;
const ME = { userId: "me" };

export function openReader(client: Client): Omit<MailboxReader, "watch"> {
  return {
    async labels() {
      const call = { does: "listing labels", units: 1 };
      return (await client.call(call, Labels, (api, options) => api.users.labels.list(ME, options))).labels;
    },
    async position() {
      const call = { does: "asking whose mailbox it is", units: 1 };
      const profile = await client.call(call, Profile, (api, options) => api.users.getProfile(ME, options));
      return { account: profile.emailAddress, cursor: profile.historyId };
    },
    list: (query) => listMessages(client, query),
    changes: (query) => listChanges(client, query),
    read: (id) => readMessage(client, id),
  };
}

async function listMessages(client: Client, { labelId, page }: Parameters<MailboxReader["list"]>[0]) {
  const asked = { ...ME, labelIds: [labelId], maxResults: PAGE, ...(page === undefined ? {} : { pageToken: page }) };
  const call = { does: "listing the label's messages", units: 5 };
  const list = await client.call(call, MessageList, (api, options) => api.users.messages.list(asked, options));
  const ids = list.messages.map(({ id }) => id);
  return list.nextPageToken === undefined ? { ids } : { ids, nextPage: list.nextPageToken };
}

async function listChanges(client: Client, { labelId, cursor, page }: Parameters<MailboxReader["changes"]>[0]) {
  const asked = {
    ...ME,
    startHistoryId: cursor,
    historyTypes: ["messageAdded", "labelAdded"],
    labelId,
    maxResults: PAGE,
    ...(page === undefined ? {} : { pageToken: page }),
  };
  const call = { does: "listing what changed", units: 2, means: tooOld };
  const list = await client.call(call, HistoryList, (api, options) => api.users.history.list(asked, options));
  const ids = addedIn(list, labelId);
  return list.nextPageToken === undefined ? { ids, cursor: list.historyId } : { ids, nextPage: list.nextPageToken };
}

function tooOld({ status }: Failure): ErrorCode | undefined {
  return status === 404 ? "CURSOR_EXPIRED" : undefined;
}

/** Whole and as it came: the parsed format leaves out what would be needed to read it anew. */
async function readMessage(client: Client, id: string) {
  const call = { does: `reading message ${id}`, units: 20 };
  try {
    const message = await client.call(call, RawMessage, (api, options) =>
      api.users.messages.get({ ...ME, id, format: "raw" }, options),
    );
    return toRawMail(message);
  } catch (error) {
    if (isError(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}
