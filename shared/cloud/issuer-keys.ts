import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { callJson } from "./http-json.ts";

/** An issuer's public keys, as the verifier asks for one of them. */
export type IssuerKeys = JWTVerifyGetKey;

const CALL_MS = 5_000;
const KEPT_MS = 600_000;
/** A key that is not there is looked for again no sooner than this: made-up key ids must not make calls. */
const AGAIN_AFTER_MS = 30_000;

/**
 * Keys at an address, fetched with the first token and kept for ten minutes, or until an unknown one turns up. As jose's
 * own remote set, but without loading `fetch` (decision 087). Rejects with jose's JWKSInvalid, or with what the call failed by.
 */
export function openIssuerKeys(url: string): IssuerKeys {
  let kept: { readonly at: number; readonly find: IssuerKeys } | undefined;
  let asked: Promise<IssuerKeys> | undefined;
  const fresh = (ms: number) => kept !== undefined && Date.now() < kept.at + ms;
  const load = async () => {
    const find = createLocalJWKSet(await keysAt(url));
    kept = { at: Date.now(), find };
    return find;
  };
  const reload = () => {
    asked ??= load().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  return async (head, token) => {
    const find = kept !== undefined && fresh(KEPT_MS) ? kept.find : await reload();
    try {
      return await find(head, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || fresh(AGAIN_AFTER_MS)) throw error;
      return (await reload())(head, token);
    }
  };
}

async function keysAt(url: string): Promise<JSONWebKeySet> {
  const { status, body } = await callJson({ method: "GET", url, timeoutMs: CALL_MS });
  if (status !== 200) throw new Error(`The issuer's keys: status ${status}.`);
  // Proof: jose checks the shape of the set itself, and refuses with JWKSInvalid.
  return body as JSONWebKeySet;
}
