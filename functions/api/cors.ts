import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { header } from "../../shared/cloud/edge-request.ts";
import type { Config } from "../../shared/config.ts";

/** `chrome-extension://…` of our own mail extension, which follows from `key` in its manifest. */
export const EXTENSION_ORIGIN = "chrome-extension://pgfnodmnjjpgoiljkpicanlcjgpdljnh";

/** What the mail extension calls; every other address is for programs and pages of its own origin. */
const OPEN = /^(bookings(\/.*)?|emails\/capture|emails\/[^/]+\/(un)?link)$/;
const METHODS = "GET, POST";
const HEADERS = "authorization, content-type, x-api-key";
const DAY_SECONDS = 86_400;

/** The answer to a browser that asks before it calls for the extension; undefined where the request is no such question. */
export function preflight(request: EdgeRequest, config: Config): EdgeAnswer | undefined {
  const allowed = request.method === "OPTIONS" ? allowedOrigin(request, config) : undefined;
  if (allowed === undefined) return undefined;
  const asked = {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": HEADERS,
    "access-control-max-age": String(DAY_SECONDS),
  };
  return { status: 204, headers: { ...openTo(allowed), ...asked } };
}

/** The answer, readable by the extension's page where it asked; credentials are keys in a header, never cookies. */
export function shared(request: EdgeRequest, config: Config, answer: EdgeAnswer): EdgeAnswer {
  const allowed = allowedOrigin(request, config);
  return allowed === undefined ? answer : { ...answer, headers: { ...answer.headers, ...openTo(allowed) } };
}

function openTo(origin: string): Record<string, string> {
  return { "access-control-allow-origin": origin, vary: "origin" };
}

function allowedOrigin(request: EdgeRequest, config: Config): string | undefined {
  const origin = header(request, "origin");
  const known = [EXTENSION_ORIGIN, ...Object.values(config.workspaces).flatMap(({ extensions }) => extensions)];
  return OPEN.test(request.path.join("/")) && known.includes(origin) ? origin : undefined;
}
