import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { z } from "zod";

/**
 * What no deployed function ever runs of its packages, left out of the bundle: a start pays for every byte that is
 * compiled. Most of it is Firestore's: the client speaks REST here (`preferRest`), but still loads gRPC, the
 * administration's client and generated classes of every message, for listeners, bundles and long-running operations
 * that Lockstep does not use. The store's contract runs over a bundle made with this, and every function's bundle does
 * a real operation (`test/bundle/`), so what is missing wrongly shows there.
 */
export function trimmedPackages(root: string): Plugin {
  const at = (path: string) => join(root, "node_modules", path);
  return {
    name: "trimmed-packages",
    setup(build) {
      for (const { asks, from, answer } of partsOf(at)) {
        build.onResolve({ filter: asks }, ({ importer }) =>
          from === undefined || from.test(importer)
            ? { path: asks.source, namespace: "trimmed", pluginData: answer }
            : undefined,
        );
      }
      build.onLoad({ filter: /.*/, namespace: "trimmed" }, ({ pluginData }) => ({
        // Proof: only the resolver above leads into this namespace.
        contents: pluginData as string,
        resolveDir: root,
      }));
    },
  };
}

interface Part {
  /** What is imported … */
  readonly asks: RegExp;
  /** … by which files; left out: by any … */
  readonly from?: RegExp;
  /** … and the CommonJS text that answers instead. */
  readonly answer: string;
}

const FIRESTORE = /@google-cloud[\\/]firestore(-api)?[\\/]/;
const ZOD = /node_modules[\\/]zod[\\/]/;
const GAX = /google-gax[\\/]build[\\/]src[\\/]/;

function partsOf(at: (path: string) => string): Part[] {
  const file = (path: string) => JSON.stringify(at(path));
  return [
    {
      // The full google-gax is gRPC; its REST half, with the few names that both clients take from the full one.
      asks: /^google-gax$/,
      from: FIRESTORE,
      answer: `
        const fallback = require(${file("google-gax/build/src/fallback.js")});
        module.exports = {
          ...fallback,
          fallback,
          Status: require(${file("google-gax/build/src/status.js")}).Status,
          loggingUtils: require("google-logging-utils"),
          decodeAnyProtosInArray: (details) => details,
          grpc: { credentials: { createInsecure: () => undefined } },
        };`,
    },
    {
      // Without the administration's client and the classes of its messages.
      asks: /^@google-cloud\/firestore-api(\/build\/src\/v1)?$/,
      from: FIRESTORE,
      answer: `
        const { FirestoreClient } = require(${file("@google-cloud/firestore-api/build/src/v1/firestore_client.js")});
        module.exports = { FirestoreClient, v1: { FirestoreClient }, protos: undefined };`,
    },
    {
      // The messages of Firestore itself, without those of its administration: every one becomes an object at the start.
      asks: /protos\/protos\.json$/,
      from: /firestore-api[\\/]build[\\/]src[\\/]/,
      answer: `module.exports = ${messagesOf(at("@google-cloud/firestore-api/build/protos/protos.json"))};`,
    },
    {
      // Used for bundles of documents alone.
      asks: /firestore_v1_proto_api$/,
      from: FIRESTORE,
      answer: "module.exports = { google: { firestore: { v1: { Value: undefined } } } };",
    },
    {
      // Access policies and locations of services: nobody asks for them here, but the client closes what it never used.
      asks: /^\.\/(iamService|locationService)$/,
      from: GAX,
      answer: `
        class Unused { initialize() {} close() { return Promise.resolve(); } }
        module.exports = { IamClient: Unused, LocationsClient: Unused };`,
    },
    {
      asks: /^(\.\.\/)+protos\/(iam_service|locations|operations)$/,
      from: GAX,
      answer: "module.exports = {};",
    },
    {
      // Fifty languages for mistakes in values; ours are written in English.
      asks: /locales\/index\.(js|cjs)$/,
      from: ZOD,
      answer: `export { default as en } from ${file("zod/v4/locales/en.js")};`,
    },
  ];
}

const Protos = z.object({
  nested: z.object({
    google: z.looseObject({
      nested: z.looseObject({ firestore: z.looseObject({ nested: z.object({ v1: z.unknown() }) }) }),
    }),
  }),
});

/** The descriptions of messages, as JSON; what belongs to the administration falls out with the schema. */
function messagesOf(file: string): string {
  return JSON.stringify(Protos.parse(JSON.parse(readFileSync(file, "utf8"))));
}
