import { expect } from "vitest";
import type { Write } from "../../shared/ports/store.ts";

export function ref(collection: string, id: string) {
  return { collection, id };
}

export function put(collection: string, id: string, data: object, ifVersion?: string): Extract<Write, { kind: "put" }> {
  return { kind: "put", ref: ref(collection, id), data, ...(ifVersion === undefined ? {} : { ifVersion }) };
}

export async function expectConflict(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "LockstepError", code: "STORE_CONFLICT" });
}

export async function expectInvalid(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "LockstepError", code: "INVALID_REQUEST" });
}
