import { join } from "node:path";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import * as grpc from "@grpc/grpc-js";
import * as protoLoader from "@grpc/proto-loader";

/**
 * A Secret Manager of our own for the real client: Google has no emulator for it. It speaks the
 * published protocol and knows only what the contract needs.
 */
export interface SecretManagerServer {
  readonly client: SecretManagerServiceClient;
  /** Calls so far, by method. */
  readonly calls: string[];
  /** The next access answers with this gRPC code. */
  failNext(code: number): void;
  close(): Promise<void>;
}

export async function startSecretManager(projectId: string): Promise<SecretManagerServer> {
  const secrets = new Map<string, Buffer[]>();
  const calls: string[] = [];
  let failure: number | undefined;
  const server = new grpc.Server();
  const answer =
    (method: string, work: (request: Request) => object): grpc.handleUnaryCall<Request, object> =>
    (call, callback) => {
      calls.push(method);
      const code = failure;
      failure = undefined;
      try {
        callback(code === undefined ? null : { code, details: "as the test asked" }, work(call.request));
      } catch (error) {
        callback({ code: Number(error), details: "refused" });
      }
    };
  server.addService(serviceDefinition(), {
    AccessSecretVersion: answer("access", ({ name }) => {
      const versions = secrets.get(name.split("/versions/")[0] ?? "");
      const data = versions?.at(-1);
      if (data === undefined) throw grpc.status.NOT_FOUND;
      return { name, payload: { data } };
    }),
    AddSecretVersion: answer("add", ({ parent, payload }) => {
      const versions = secrets.get(parent);
      if (versions === undefined) throw grpc.status.NOT_FOUND;
      return { name: `${parent}/versions/${versions.push(payload.data)}` };
    }),
    CreateSecret: answer("create", ({ parent, secretId }) => {
      const name = `${parent}/secrets/${secretId}`;
      if (secrets.has(name)) throw grpc.status.ALREADY_EXISTS;
      secrets.set(name, []);
      return { name };
    }),
  });
  const port = await listen(server);
  const client = new SecretManagerServiceClient({
    projectId,
    apiEndpoint: "127.0.0.1",
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
  return {
    client,
    calls,
    failNext: (code) => {
      failure = code;
    },
    async close() {
      await client.close();
      server.forceShutdown();
    },
  };
}

interface Request {
  readonly name: string;
  readonly parent: string;
  readonly secretId: string;
  readonly payload: { readonly data: Buffer };
}

function serviceDefinition(): grpc.ServiceDefinition {
  const includeDirs = ["@google-cloud/secret-manager/build/protos", "google-gax/build/protos"];
  const loaded = protoLoader.loadSync("google/cloud/secretmanager/v1/service.proto", {
    includeDirs: includeDirs.map((folder) => join("node_modules", folder)),
  });
  const service = loaded["google.cloud.secretmanager.v1.SecretManagerService"];
  // A service in a proto file is loaded as a map of its methods.
  return service as grpc.ServiceDefinition;
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
