import { z } from "zod";
import { readControl } from "../read-control.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { composeMail } from "./compose.ts";
import { notFound } from "./errors.ts";
import { deliver, erase, labelNamed, makeLabel, openAccount, relabel } from "./mailbox.ts";
import { revokeGrant } from "./oauth.ts";
import type { LabelRow, MessageRow } from "./rows.ts";
import { accessOf, accountsOf, grantsOf, labelsOf, messagesOf, watchesOf } from "./shelves.ts";

const Email = z.email();
const Account = z.strictObject({ email: Email });
const Label = z.strictObject({ email: Email, name: z.string().min(1), rename: z.string().min(1).optional() });
const Mail = z.strictObject({
  email: Email,
  /** Names or ids; a name that is not there yet is made. */
  labels: z.array(z.string().min(1)).default([]),
  /** The whole message; or the parts below. */
  raw: z.string().optional(),
  from: z.string().default("Airbnb <automated@airbnb.com>"),
  subject: z.string().default(""),
  text: z.string().default(""),
  html: z.string().optional(),
  attachments: z.array(z.strictObject({ filename: z.string(), mimeType: z.string(), content: z.string() })).default([]),
  /** When it arrived; default: now. */
  at: z.iso.datetime({ offset: true }).optional(),
});
const Tag = z.strictObject({
  email: Email,
  id: z.string(),
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
});
const Named = z.strictObject({ email: Email, id: z.string() });
const Watches = z.strictObject({ email: Email.optional(), make: z.enum(["silent", "speaking", "expired"]) });

/** `/sandbox/gmail/<action>`: what people and time do to mailboxes. */
export const GMAIL_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  accounts: (call) => json(200, openAccount(call.world, readControl(call, Account).email)),
  labels: changeLabel,
  "delete-label": deleteLabel,
  deliver: deliverMail,
  tag,
  delete: deleteMail,
  /** The person takes the permission back at Google. */
  revoke,
  /** Access tokens end; refresh tokens live on. */
  "expire-access": expireAccess,
  /** History so far is forgotten, as after a week (S35). */
  "expire-history": expireHistory,
  watches: changeWatches,
};

function changeLabel(call: Call): Reply {
  const { email, name, rename } = readControl(call, Label);
  openAccount(call.world, email);
  const label = labelNamed(call.world, email, name) ?? makeLabel(call.world, email, name);
  const row: LabelRow = { ...label, name: rename ?? label.name };
  labelsOf(call.world).put(email, row.id, row);
  return json(200, row);
}

function deleteLabel(call: Call): Reply {
  const { email, name } = readControl(call, Label);
  const label = labelNamed(call.world, email, name) ?? notFound();
  for (const message of messagesOf(call.world).all(email)) {
    relabel(call, email, message, { add: [], remove: [label.id] });
  }
  labelsOf(call.world).remove(email, label.id);
  return json(200, label);
}

function deliverMail(call: Call): Reply {
  const { email, labels, raw, at, ...mail } = readControl(call, Mail);
  const { world } = call;
  openAccount(world, email);
  const receivedMs = at === undefined ? world.now() : Date.parse(at);
  const named = labels.map((name) => labelNamed(world, email, name) ?? makeLabel(world, email, name));
  const text = raw ?? composeMail(mail, { to: email, receivedMs, id: world.newId() });
  const labelIds = ["INBOX", "UNREAD", ...named.map(({ id }) => id)];
  const { id, historyId } = deliver(call, email, {
    raw: Buffer.from(text).toString("base64"),
    labelIds: [...new Set(labelIds)],
    receivedMs,
  });
  return json(200, { id, historyId: String(historyId), labelIds });
}

function tag(call: Call): Reply {
  const { email, id, add, remove } = readControl(call, Tag);
  const idOf = (name: string) => (labelNamed(call.world, email, name) ?? notFound()).id;
  const row = relabel(call, email, messageOf(call, email, id), { add: add.map(idOf), remove: remove.map(idOf) });
  return json(200, { id, labelIds: row.labelIds });
}

function deleteMail(call: Call): Reply {
  const { email, id } = readControl(call, Named);
  erase(call, email, messageOf(call, email, id));
  return json(200, { id });
}

function messageOf({ world }: Call, email: string, id: string): MessageRow {
  return messagesOf(world).get(email, id) ?? notFound();
}

function revoke(call: Call): Reply {
  const { email } = readControl(call, Account);
  const grants = grantsOf(call.world)
    .all("grants")
    .filter((grant) => grant.email === email && !grant.revoked);
  for (const grant of grants) revokeGrant(call, grant);
  return json(200, { revoked: grants.length });
}

function expireAccess(call: Call): Reply {
  const { email } = readControl(call, Account);
  const tokens = accessOf(call.world)
    .all("tokens")
    .filter((access) => access.email === email);
  for (const { token } of tokens) accessOf(call.world).remove("tokens", token);
  return json(200, { expired: tokens.length });
}

function expireHistory(call: Call): Reply {
  const { email } = readControl(call, Account);
  const account = openAccount(call.world, email);
  accountsOf(call.world).put("accounts", email, { ...account, forgottenTo: account.historyId + 1 });
  return json(200, { email });
}

function changeWatches(call: Call): Reply {
  const { email, make } = readControl(call, Watches);
  const { world } = call;
  const hit = watchesOf(world)
    .all("watches")
    .filter((watch) => (email ?? watch.email) === watch.email);
  for (const watch of hit) {
    const expiresMs = make === "expired" ? world.now() : watch.expiresMs;
    watchesOf(world).put("watches", watch.email, { ...watch, expiresMs, silent: make === "silent" });
  }
  return json(200, { watches: hit.length });
}
