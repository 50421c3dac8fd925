import { join } from "node:path";
import type { Plugin } from "esbuild";
import { type Called, messagesOf } from "./client-messages.ts";

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
            ? { path: `${asks.source} from ${from?.source}`, namespace: "trimmed", pluginData: answer }
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

/** What `shared/cloud/firestore-store.ts` and `secret-manager.ts` call. */
const FIRESTORE_CALLS: Called = {
  service: "google.firestore.v1.Firestore",
  methods: ["BatchGetDocuments", "Commit", "RunQuery", "RunAggregationQuery"],
};
const SECRET_CALLS: Called = {
  service: "google.cloud.secretmanager.v1.SecretManagerService",
  methods: ["AccessSecretVersion", "AddSecretVersion", "CreateSecret"],
};

const CLIENTS = /@google-cloud[\\/](firestore(-api)?|secret-manager)[\\/]/;
const FIRESTORE = /@google-cloud[\\/]firestore(-api)?[\\/]/;
const EXPRESS = /node_modules[\\/]express[\\/]/;
const ZOD = /node_modules[\\/]zod[\\/]/;
const MESSAGE_TYPE = /protobufjs[\\/]src[\\/]type\.js$/;
const GENERATED_LATER = JSON.stringify(join(import.meta.dirname, "generated-later.cjs"));
const GAX = /google-gax[\\/]build[\\/]src[\\/]/;

function partsOf(at: (path: string) => string): Part[] {
  const file = (path: string) => JSON.stringify(at(path));
  return [
    {
      // The full google-gax is gRPC; its REST half, with the few names that both clients take from the full one.
      asks: /^google-gax$/,
      from: CLIENTS,
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
      // The messages of what the store calls: every one becomes an object at the start.
      asks: /protos\/protos\.json$/,
      from: /firestore-api[\\/]build[\\/]src[\\/]/,
      answer: `module.exports = ${messagesOf(at("@google-cloud/firestore-api/build/protos/protos.json"), FIRESTORE_CALLS)};`,
    },
    {
      // The client of the version that is used, without the classes of its messages.
      asks: /^@google-cloud\/secret-manager$/,
      answer: `module.exports = require(${file("@google-cloud/secret-manager/build/src/v1/secret_manager_service_client.js")});`,
    },
    {
      asks: /protos\/protos\.json$/,
      from: /secret-manager[\\/]build[\\/]src[\\/]/,
      answer: `module.exports = ${messagesOf(at("@google-cloud/secret-manager/build/protos/protos.json"), SECRET_CALLS)};`,
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
    // Of the functions that are generated for each message, REST calls those that read plain objects; the others wait.
    ...["encoder", "decoder", "verifier"].map((name) => ({
      asks: new RegExp(`^\\./${name}$`),
      from: MESSAGE_TYPE,
      answer: `module.exports = require(${GENERATED_LATER})(require(${file(`protobufjs/src/${name}.js`)}));`,
    })),
    {
      asks: /^\.\/converter$/,
      from: MESSAGE_TYPE,
      answer: `
        const { fromObject, toObject } = require(${file("protobufjs/src/converter.js")});
        module.exports = { fromObject, toObject: require(${GENERATED_LATER})(toObject) };`,
    },
    {
      // What Google's clients print of their requests where GOOGLE_SDK_NODE_LOGGING is set, guests' words and all; loading it
      // loads Node's workers.
      asks: /^google-logging-utils$/,
      answer: `
        const silent = () => {};
        for (const level of ["debug", "info", "warn", "error"]) silent[level] = silent;
        module.exports = { log: () => silent, placeholder: silent };`,
    },
    {
      // Every request is read before the functions framework sees it (decision 010): its parsers have nothing to parse, …
      asks: /^body-parser$/,
      answer: `
        const skip = () => (req, res, next) => next();
        module.exports = { json: skip, text: skip, urlencoded: skip, raw: skip };`,
    },
    {
      // … no address to take apart, and no file to send.
      asks: /^(qs|send|serve-static)$/,
      from: EXPRESS,
      answer: "module.exports = () => { throw new Error('This is not in the bundle.'); };",
    },
    {
      // Watches every promise from the first request on, for errors that nobody caught, and would print them, guests' words
      // and all: the frame catches what a function throws, and what is left ends the instance.
      asks: /^(node:)?domain$/,
      from: /functions-framework[\\/]/,
      answer: `module.exports = require(${JSON.stringify(join(import.meta.dirname, "no-domains.cjs"))});`,
    },
    {
      // What Express says to a developer's terminal.
      asks: /^debug$/,
      answer: "module.exports = () => Object.assign(() => {}, { enabled: false });",
    },
    {
      // Of the 2,500 media types, those that the framework's own answers have.
      asks: /^mime-db$/,
      answer: `module.exports = {
        "application/json": { extensions: ["json"] },
        "application/x-www-form-urlencoded": { extensions: ["urlencoded"] },
        "application/octet-stream": { extensions: ["bin"] },
        "text/html": { extensions: ["html"] },
        "text/plain": { extensions: ["txt", "text"] },
      };`,
    },
    {
      // Streams for a Node that has none.
      asks: /^web-streams-polyfill/,
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
