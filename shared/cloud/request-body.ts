import type { IncomingMessage } from "node:http";
import { LockstepError } from "../errors.ts";

/** Bytes an edge takes: outsiders send little; a bus message is at most 10 MB (API_FACTS §4). */
export const PUBLIC_BODY_BYTES = 256 * 1024;
export const INTERNAL_BODY_BYTES = 10 * 1024 * 1024;

/** The bytes of a body. Throws PAYLOAD_TOO_LARGE as soon as it is certain, INVALID_REQUEST where it is packed. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(req.headers["content-length"] ?? 0) > limit) {
    throw tooLarge(limit);
  }
  if ((req.headers["content-encoding"] ?? "identity") !== "identity") {
    throw new LockstepError("INVALID_REQUEST", { detail: "The body is compressed; send it as it is." });
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of arriving(req)) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > limit) {
      throw tooLarge(limit);
    }
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** The body's parts as they come. A sender who hangs up is no defect of ours: throws INVALID_REQUEST. */
async function* arriving(req: IncomingMessage): AsyncGenerator<string | Buffer> {
  try {
    yield* req.iterator({ destroyOnReturn: false });
  } catch (cause) {
    throw new LockstepError("INVALID_REQUEST", { detail: "The body broke off before its end.", cause });
  }
}

function tooLarge(limit: number): LockstepError {
  return new LockstepError("PAYLOAD_TOO_LARGE", { detail: `This edge takes at most ${limit / 1024} kB.` });
}
