import { json, Refusal, type Reply } from "../wire.ts";

/** The envelope around every answer of the data API. */
export function ok(data: unknown): Reply {
  return json(200, { status: true, error: null, data, meta: [] });
}

export function errorReply(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return json(status, { status: false, error: { code: `osm-${status}`, message }, data: null, meta: [] }, headers);
}

export function refuse(status: number, message: string, headers: Record<string, string> = {}): never {
  throw new Refusal(errorReply(status, message, headers));
}
