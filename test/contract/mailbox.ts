import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GrantKeeper, Mailboxes, MailboxReader } from "../../shared/ports/mailbox.ts";
import { codeOf, type Trouble } from "./trouble.ts";

/** A mailbox with one account, and what happens to it without Lockstep. */
export interface MailboxBench {
  readonly mailboxes: Mailboxes;
  /** Whose it is. */
  readonly account: string;
  readonly outside: {
    /** Makes the label where it is not there. Answers its id. */
    label(name: string): Promise<string>;
    /** A mail arrives; answers its id. */
    deliver(mail: { readonly raw: string; readonly labels: readonly string[] }): Promise<string>;
    tag(id: string, label: string): Promise<void>;
    remove(id: string): Promise<void>;
    expireCursors(): Promise<void>;
    /** The owner takes the permission back. */
    revoke(): Promise<void>;
    fail(trouble: Trouble, times: number): Promise<void>;
  };
  /** A person says yes in a browser that has this verifier. Answers the code. */
  consent(address: string): Promise<string>;
  close(): void;
}

const REDIRECT = "http://localhost:8080/api/connections/gmail/callback";
const VERIFIER = "verifier-".padEnd(64, "x");
/** S256 of it. */
const CHALLENGE = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(VERIFIER))).toString("base64url");

const TROUBLES: readonly (readonly [Trouble, string])[] = [
  ["forbidden", "PROVIDER_FORBIDDEN"],
  ["rate-limited", "PROVIDER_RATE_LIMITED"],
  ["unavailable", "PROVIDER_UNAVAILABLE"],
  ["no-answer", "PROVIDER_UNAVAILABLE"],
  ["nonsense", "PROVIDER_UNAVAILABLE"],
];

/** A permission in memory. */
function keeperOf(first: string): GrantKeeper & { readonly tokens: string[] } {
  const tokens = [first];
  return {
    id: `grant-${first}`,
    tokens,
    async renew(use) {
      const { refreshToken, value } = await use(tokens.at(-1) ?? "");
      if (refreshToken !== undefined) tokens.push(refreshToken);
      return value;
    },
  };
}

/** The contract of `shared/ports/mailbox.ts`; every provider of mailboxes passes all of it. */
export function testMailboxContract({
  name,
  open,
}: {
  readonly name: string;
  readonly open: () => MailboxBench;
}): void {
  describe(`mailbox of ${name}`, () => {
    let bench: MailboxBench;
    let mailbox: MailboxReader;
    let labelId: string;
    beforeEach(async () => {
      bench = open();
      labelId = await bench.outside.label("Stays");
      mailbox = bench.mailboxes.open(keeperOf(await permit()));
    });
    afterEach(() => bench.close());

    async function permit(): Promise<string> {
      const address = bench.mailboxes.address({ state: "s", challenge: CHALLENGE, redirectUri: REDIRECT });
      const code = await bench.consent(address);
      return (await bench.mailboxes.exchange({ code, verifier: VERIFIER, redirectUri: REDIRECT })).refreshToken;
    }

    const deliver = (text: string, labels = ["Stays"]) =>
      bench.outside.deliver({ raw: `Subject: ${text}\r\n\r\n${text}`, labels });

    test("a code is worth something once, and to its own verifier alone", async () => {
      const address = bench.mailboxes.address({ state: "s", challenge: CHALLENGE, redirectUri: REDIRECT });
      const code = await bench.consent(address);

      const stolen = bench.mailboxes.exchange({
        code,
        verifier: "somebody-else".padEnd(64, "x"),
        redirectUri: REDIRECT,
      });
      expect(await codeOf(stolen)).toBe("NEEDS_RECONNECT");
      expect(await codeOf(bench.mailboxes.exchange({ code, verifier: VERIFIER, redirectUri: REDIRECT }))).toBe(
        "NEEDS_RECONNECT",
      );
    });

    test("labels have a stable id and their present name; the position names the account", async () => {
      expect(await mailbox.labels()).toContainEqual({ id: labelId, name: "Stays" });
      expect(await mailbox.position()).toMatchObject({ account: bench.account, cursor: expect.any(String) });
    });

    test("a message comes back byte for byte; one that is not there is undefined", async () => {
      const id = await deliver("Grüße \u0000 €");

      const mail = await mailbox.read(id);

      expect(Buffer.from(mail?.raw ?? []).toString()).toBe("Subject: Grüße \u0000 €\r\n\r\nGrüße \u0000 €");
      expect(mail).toMatchObject({
        id,
        labelIds: expect.arrayContaining([labelId]),
        receivedAt: expect.stringMatching(/Z$/),
      });
      await bench.outside.remove(id);
      expect(await mailbox.read(id)).toBeUndefined();
    });

    test("a list holds what carries the label, and nothing else", async () => {
      const here = [await deliver("one"), await deliver("two")];
      await deliver("elsewhere", []);

      expect([...(await mailbox.list({ labelId })).ids].sort()).toEqual(here.sort());
    });

    test("changes hold what was delivered with the label or given it since, each once, and where to go on", async () => {
      const { cursor } = await mailbox.position();
      const late = await deliver("late", []);
      const fresh = await deliver("fresh");
      await bench.outside.tag(late, "Stays");

      const changes = await mailbox.changes({ labelId, cursor });

      expect([...changes.ids].sort()).toEqual([late, fresh].sort());
      expect(await mailbox.changes({ labelId, cursor: changes.cursor ?? "" })).toEqual({
        ids: [],
        cursor: changes.cursor,
      });
    });

    test("a cursor that is too old is CURSOR_EXPIRED", async () => {
      const { cursor } = await mailbox.position();
      await deliver("one");
      await bench.outside.expireCursors();

      expect(await codeOf(mailbox.changes({ labelId, cursor }))).toBe("CURSOR_EXPIRED");
    });

    test("a watch has an end in the future", async () => {
      expect((await mailbox.watch([labelId])).expiresAt > "2027").toBe(true);
    });

    test("a permission that was taken back is NEEDS_RECONNECT, once its access has run out", async () => {
      await mailbox.labels();
      await bench.outside.revoke();

      expect(await codeOf(mailbox.labels())).toBe("NEEDS_RECONNECT");
    });

    test("revoking ends the permission, and a second time is success too", async () => {
      const token = await permit();

      await bench.mailboxes.revoke(token);
      await bench.mailboxes.revoke(token);

      expect(await codeOf(bench.mailboxes.open(keeperOf(token)).labels())).toBe("NEEDS_RECONNECT");
    });

    test.each(TROUBLES)("%s is %s, on every call", async (trouble, code) => {
      const id = await deliver("one");
      const { cursor } = await mailbox.position();
      for (const call of [
        () => mailbox.labels(),
        () => mailbox.list({ labelId }),
        () => mailbox.changes({ labelId, cursor }),
        () => mailbox.read(id),
      ]) {
        await bench.outside.fail(trouble, 5);
        expect(await codeOf(call())).toBe(code);
        await bench.outside.fail(trouble, 0);
      }
    });

    test("an access token that was refused is renewed once, unseen", async () => {
      await mailbox.labels();
      await bench.outside.fail("unauthorized", 1);

      expect(await mailbox.labels()).toContainEqual({ id: labelId, name: "Stays" });
    });
  });
}
