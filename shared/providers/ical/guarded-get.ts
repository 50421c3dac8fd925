import { lookup as resolve } from "node:dns";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { LookupFunction } from "node:net";
import { pipeline, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { isPublic } from "./address.ts";

/** One GET, once, and its whole answer. */
export type Get = (url: URL, headers: Readonly<Record<string, string>>) => Promise<Got>;

export interface Got {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
}

/** Thrown where a body is longer than any calendar. */
export class TooLarge extends Error {}
/** Thrown where a name leads into a private network. */
export class NotPublic extends Error {}

/** Of a body as it is read, unpacked. A home's calendar has some hundred kB at most. */
export const MAX_BYTES = 5_000_000;
const TIMEOUT_MS = 20_000;

/**
 * Gets from the public network alone. The name is resolved once, all its addresses are judged, and the connection goes to
 * one of those: between judging and connecting nobody can answer otherwise (DNS rebinding). Follows nothing by itself.
 */
export const guardedGet: Get = getBy(request, publicOnly);

/** The same over another way to the network; tests bring a server of their own. */
export function getBy(send: typeof request, lookup: LookupFunction): Get {
  return (url, headers) =>
    new Promise((settle, fail) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const asked = { ...headers, "accept-encoding": "gzip, deflate, br" };
      const call = send(url, { headers: asked, lookup, agent: false, signal }, (response) => {
        readAnswer(response).then(settle, (error: unknown) => {
          response.destroy();
          fail(signal.aborted ? signal.reason : error);
        });
      });
      call.on("error", (error) => fail(signal.aborted ? signal.reason : error));
      call.end();
    });
}

async function readAnswer(response: IncomingMessage): Promise<Got> {
  const { statusCode: status = 0, headers } = response;
  const decoder = decoderFor(headers["content-encoding"]);
  const body = decoder === undefined ? response : pipeline(response, decoder, () => {});
  const read = await collect(body);
  return { status, header: (name) => firstOf(headers[name]), body: read };
}

/** `dns.lookup` that answers public addresses or none at all. */
export function publicOnly(...[host, options, answer]: Parameters<LookupFunction>): void {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return answer(error, "", 0);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => !isPublic(address))) {
      return answer(new NotPublic("the name leads into a private network"), "", 0);
    }
    return options.all === true ? answer(null, addresses) : answer(null, first.address, first.family);
  });
}

function decoderFor(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Reads until the limit and not a byte more: what unpacks to gigabytes is never held. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new TooLarge(`more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
