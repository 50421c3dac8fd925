import { describe, expect, test } from "vitest";
import type { SecretReader, SecretWriter } from "../../shared/ports/secrets.ts";

export interface SecretBacking {
  readonly name: string;
  /** Empty, and apart from every other that was opened. */
  open(): Promise<SecretReader & SecretWriter>;
}

/** The contract of `shared/ports/secrets.ts`; every backing passes all of it. */
export function testSecretContract(backing: SecretBacking): void {
  describe(`secrets in ${backing.name}`, () => {
    test("a secret that nobody wrote is SECRET_MISSING, naming it and where it belongs", async () => {
      const secrets = await backing.open();

      const read = secrets.read("uschedule-password");

      await expect(read).rejects.toMatchObject({ name: "LockstepError", code: "SECRET_MISSING" });
      await expect(read).rejects.toThrow(/uschedule-password.*(Put it into|gcloud secrets versions add)/);
    });

    test("reads what was written, whatever the text", async () => {
      const secrets = await backing.open();
      const text = 'pä$$ "word"\n{json: no} \u0000 🔑';

      await secrets.write("google-token", text);

      expect(await secrets.read("google-token")).toBe(text);
    });

    test("a secret that was taken back reads as empty", async () => {
      const secrets = await backing.open();
      await secrets.write("grant", "token");

      await secrets.write("grant", "");

      expect(await secrets.read("grant", { fresh: true })).toBe("");
    });

    test("a second value replaces the first, and no other secret", async () => {
      const secrets = await backing.open();
      await secrets.write("one", "1");
      await secrets.write("two", "2");

      await secrets.write("one", "1b");

      expect([await secrets.read("one"), await secrets.read("two")]).toEqual(["1b", "2"]);
    });

    test("a secret can be written after it was missed", async () => {
      const secrets = await backing.open();
      await expect(secrets.read("late")).rejects.toMatchObject({ code: "SECRET_MISSING" });

      await secrets.write("late", "here");

      expect(await secrets.read("late")).toBe("here");
    });

    test("refuses names that could mean something else, without repeating them", async () => {
      const secrets = await backing.open();
      const names = ["", "../etc/passwd", "a/b", "A", "a b", "1a", "__proto__", "a".repeat(201), "a_b"];

      for (const name of names) {
        await expect(secrets.read(name)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
        await expect(secrets.write(name, "x")).rejects.toMatchObject({ code: "INVALID_REQUEST" });
      }
    });
  });
}
