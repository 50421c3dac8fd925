import { errors, type JWTPayload, jwtVerify } from "jose";
import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { type IssuerKeys, openIssuerKeys } from "./issuer-keys.ts";

/**
 * Who may call internal edges: Pub/Sub and Scheduler in the cloud, the embedded bus and scheduler on one
 * machine. The same check runs in both; only issuer and keys differ.
 */
export interface OidcSettings {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
  /** E-mails of the service accounts that may call. */
  readonly emails: readonly string[];
}

export const GOOGLE_ISSUER = "https://accounts.google.com";
export const GOOGLE_JWKS_URL = "https://www.googleapis.com/oauth2/v3/certs";

/**
 * Checks an `Authorization` header and answers the caller's e-mail. Throws UNAUTHENTICATED, and
 * PROVIDER_UNAVAILABLE where the issuer's keys cannot be fetched: then nobody is refused for good.
 */
export type VerifyToken = (authorization: string) => Promise<string>;

const CLOCK_SKEW_SECONDS = 30;

/** The verifier; keys are fetched once and kept for ten minutes, or until an unknown one turns up. */
export function createTokenVerifier(settings: OidcSettings, clock: Clock): VerifyToken {
  const keys = openIssuerKeys(settings.jwksUrl);
  return async (authorization) => {
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization) ?? [];
    if (token === undefined) {
      throw refused("no bearer token");
    }
    const payload = await verifiedPayload(token, keys, settings, clock);
    return allowedEmail(payload, settings.emails);
  };
}

/** What a token says that this issuer signed for this audience. Throws UNAUTHENTICATED, PROVIDER_UNAVAILABLE. */
export async function verifiedPayload(
  token: string,
  keys: IssuerKeys,
  of: { readonly issuer: string | readonly string[]; readonly audience: string | readonly string[] },
  clock: Clock,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: [of.issuer].flat(),
      audience: [of.audience].flat(),
      requiredClaims: ["exp", "email"],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock.now()),
    });
    return payload;
  } catch (error) {
    throw isTokensFault(error)
      ? refused(error.code, error)
      : new LockstepError("PROVIDER_UNAVAILABLE", { detail: "The issuer's keys cannot be read.", cause: error });
  }
}

/** Every jose error but those of fetching the keys speaks of the token. */
function isTokensFault(error: unknown): error is errors.JOSEError {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== errors.JOSEError.code
  );
}

function allowedEmail(payload: JWTPayload, emails: readonly string[]): string {
  if (typeof payload.email !== "string" || !emails.includes(payload.email)) {
    throw refused("this account may not call here");
  }
  if (payload.email_verified !== true) {
    throw refused("its e-mail address is not verified");
  }
  return payload.email;
}

function refused(reason: string, cause?: unknown): LockstepError {
  return new LockstepError("UNAUTHENTICATED", { detail: `The token is refused: ${reason}.`, cause });
}

/** The settings from the environment. Throws CONFIG_INVALID naming the variable and what it is for. */
export function oidcSettingsFrom(environment: Readonly<Record<string, string | undefined>>): OidcSettings {
  return {
    issuer: environment.OIDC_ISSUER ?? GOOGLE_ISSUER,
    jwksUrl: environment.OIDC_JWKS_URL ?? GOOGLE_JWKS_URL,
    audience: required(environment, "OIDC_AUDIENCE", "what the tokens of Pub/Sub and Scheduler are made for"),
    emails: required(environment, "OIDC_EMAILS", "the service accounts that may call, separated by commas")
      .split(",")
      .map((email) => email.trim())
      .filter((email) => email !== ""),
  };
}

/** A variable that must be set. Throws CONFIG_INVALID with its name and purpose. */
export function required(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  purpose: string,
): string {
  const value = environment[name]?.trim();
  if (value === undefined || value === "") {
    throw new LockstepError("CONFIG_INVALID", { detail: `The environment variable ${name} is not set: ${purpose}.` });
  }
  return value;
}
