import type { Config } from "../config.ts";
import type { Scope } from "./scope.ts";

/** How people are known: by their Google accounts. The configuration says who may what, by e-mail address. */
export interface PeopleSignIn {
  /** Where the browser goes to sign in. */
  address(ask: SignInWish): string;
  /**
   * Whose code it is that Google sent the browser back with. Throws UNAUTHENTICATED, PROVIDER_UNAVAILABLE where Google
   * does not answer, and SECRET_MISSING.
   */
  emailOfCode(
    answer: Omit<SignInWish, "state" | "challenge"> & { readonly code: string; readonly verifier: string },
  ): Promise<string>;
  /** Whose ID token it is. Throws UNAUTHENTICATED; PROVIDER_UNAVAILABLE where Google's keys cannot be had. */
  emailOfToken(token: string): Promise<string>;
}

export interface SignInWish {
  readonly state: string;
  /** S256 of the verifier. */
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** The workspaces that name this person. */
export function workspacesOf({ workspaces }: Config, email: string): string[] {
  return Object.keys(workspaces).filter((ws) => scopesIn(workspaces[ws]?.people, email).length > 0);
}

/** What a person may do in a workspace; nothing where it does not name them. */
export function scopesOf({ workspaces }: Config, ws: string, email: string): readonly Scope[] {
  return Object.hasOwn(workspaces, ws) ? scopesIn(workspaces[ws]?.people, email) : [];
}

function scopesIn(people: Readonly<Record<string, readonly Scope[]>> = {}, email: string): readonly Scope[] {
  return Object.hasOwn(people, email) ? (people[email] ?? []) : [];
}
