import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openFirestoreStores } from "../../shared/cloud/firestore-store.ts";
import { onEmulators, PROJECT } from "./emulated.ts";

await onEmulators("firestore.rules", () => {
  describe("firestore.rules, on the official emulator", () => {
    const ws = `rules-${Date.now()}`;
    const document = `workspaces/${ws}/eventMaps/secret`;
    beforeAll(async () => {
      const stores = openFirestoreStores({ projectId: PROJECT });
      const data = { note: "for the functions alone" };
      await stores.workspace(ws).commit([{ kind: "put", ref: { collection: "eventMaps", id: "secret" }, data }]);
      await stores.close();
    });

    /** An app's user, signed in at Firebase; the emulator takes a token that nobody signed. */
    const user = () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const claims = { sub: "u1", user_id: "u1", iss: `https://securetoken.google.com/${PROJECT}`, aud: PROJECT };
      return `Bearer ${part({ alg: "none", typ: "JWT" })}.${part({ ...claims, iat: 0, exp: 4_000_000_000 })}.`;
    };
    const call = (path: string, init: RequestInit = {}) => {
      const root = `http://${process.env["FIRESTORE_EMULATOR_HOST"]}/v1/projects/${PROJECT}/databases/(default)/documents`;
      return fetch(`${root}${path}`, { ...init, headers: { ...init.headers, "content-type": "application/json" } });
    };
    const json = (body: object) => ({ method: "POST", body: JSON.stringify(body) });
    const fields = { fields: { note: { stringValue: "mine" } } };
    const query = { structuredQuery: { from: [{ collectionId: "eventMaps", allDescendants: true }], limit: 1 } };

    const TRIES: readonly (readonly [string, string, RequestInit])[] = [
      ["read a document", `/${document}`, {}],
      ["list a collection", `/workspaces/${ws}/eventMaps`, {}],
      ["ask across all workspaces", ":runQuery", json(query)],
      ["make a document", `/workspaces/${ws}/eventMaps?documentId=${randomUUID()}`, json(fields)],
      ["change a document", `/${document}`, { method: "PATCH", body: JSON.stringify(fields) }],
      ["delete a document", `/${document}`, { method: "DELETE" }],
      ["make a collection of their own", `/mine?documentId=${randomUUID()}`, json(fields)],
    ];
    for (const [what, path, init] of TRIES) {
      for (const [who, headers] of [
        ["a stranger", () => ({})],
        ["an app's signed-in user", () => ({ authorization: user() })],
      ] as const) {
        test(`${who} cannot ${what}`, async () => {
          const answer = await call(path, { ...init, headers: headers() });
          const said = await answer.text();

          expect(answer.status, said).toBe(403);
          expect(said).toContain("PERMISSION_DENIED");
          expect(said).not.toContain("for the functions alone");
        });
      }
    }

    test("the functions' accounts read it, since rules do not apply to them", async () => {
      const answer = await call(`/${document}`, { headers: { authorization: "Bearer owner" } });

      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("for the functions alone");
    });
  });
});
