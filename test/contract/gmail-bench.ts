import { gmail } from "../../shared/providers/gmail/index.ts";
import { openStage, type Stage } from "../providers/stage.ts";
import type { MailboxBench } from "./mailbox.ts";
import type { Trouble } from "./trouble.ts";

export const ANNA = "anna@host.example";

const FAULTS: Readonly<Record<Trouble, string>> = {
  unauthorized: "expire-token",
  forbidden: "status=403;reason=forbidden",
  "rate-limited": "rate-limit",
  unavailable: "status=503",
  "no-answer": "timeout-before",
  nonsense: "html",
};

/** Gmail on the sandbox. */
export function openGmailBench(settings: object = {}): MailboxBench & { readonly stage: Stage } {
  const stage = openStage();
  const topic = "projects/lets/topics/mailbox-touched";
  const connection = stage.connection("", gmail.settings.parse({ topic, ...settings }));
  const mailboxes = gmail.connect({ ...connection, root: "http://sandbox" });
  const act = (action: string, body: object) => stage.arrange(`gmail/${action}`, { email: ANNA, ...body });
  return {
    stage,
    mailboxes,
    account: ANNA,
    outside: {
      label: async (name) => String((await act("labels", { name }))["id"]),
      deliver: async (mail) => String((await act("deliver", mail))["id"]),
      tag: async (id, label) => void (await act("tag", { id, add: [label] })),
      remove: async (id) => void (await act("delete", { id })),
      expireCursors: async () => void (await act("expire-history", {})),
      revoke: async () => void (await act("revoke", {})),
      async fail(trouble, times) {
        await stage.sandbox.fetch("http://sandbox/sandbox/faults", { method: "DELETE" });
        if (times > 0) await stage.fail({ api: "gmail", path: "/gmail/v1/", kinds: [FAULTS[trouble]], times });
      },
    },
    async consent(address) {
      const answer = await stage.sandbox.fetch(address, { redirect: "manual" });
      return new URL(answer.headers.get("location") ?? "http://none").searchParams.get("code") ?? "";
    },
    close: stage.close,
  };
}
