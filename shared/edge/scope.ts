import { z } from "zod";

/**
 * What a key or a person may do. `operate` may read too, `admin` may do everything but capture; `capture` is for the
 * browser that hands over mails, and may do nothing else.
 */
export const Scope = z.enum(["read", "operate", "admin", "capture"]);
export type Scope = z.infer<typeof Scope>;

const IMPLIED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ["read"],
  operate: ["read", "operate"],
  admin: ["read", "operate", "admin"],
  capture: ["capture"],
};

/** True where one of `scopes` is `wanted` or implies it. */
export function allows(scopes: readonly Scope[], wanted: Scope): boolean {
  return scopes.some((scope) => IMPLIED[scope].includes(wanted));
}
