import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { notAllowed } from "../../shared/cloud/frame.ts";
import { assetOf } from "./dashboard-files.ts";
import { beginSignIn, finishSignIn, showSignIn } from "./google-sign-in.ts";
import { docsPage } from "./openapi/docs-page.ts";
import { openApiDocument } from "./openapi/document.ts";
import { ROUTES } from "./routes.ts";
import { signIn, signOut } from "./session.ts";

type OpenPage = (request: EdgeRequest, edge: Edge) => Promise<EdgeAnswer>;

/** What is open to everybody: whether it lives, how it is called, the dashboard's files, and signing in. */
const OPEN_PAGES: ReadonlyMap<string, OpenPage> = new Map<string, OpenPage>([
  ["GET health", async () => ({ status: 200, json: { status: "ok" } })],
  ["GET openapi.json", async () => ({ status: 200, json: documentOnce() })],
  ["GET docs", async () => docsPage(documentOnce())],
  ["GET sign-in", showSignIn],
  ["GET session/google", beginSignIn],
  ["GET session/google/callback", finishSignIn],
  ["POST session", signIn],
  ["POST session/end", signOut],
]);

/** Addresses that are open by every method they take. */
const OPEN_BY_GET: readonly string[] = ["health", "openapi.json", "docs"];

/** Undefined: the address is not open, or not by this method. */
export function openPageOf({ method, path }: EdgeRequest): OpenPage | undefined {
  const name = path.join("/");
  const asset = method === "GET" ? assetOf(name) : undefined;
  if (asset !== undefined) return async () => asset;
  if (method !== "GET" && OPEN_BY_GET.includes(name)) return async ({ trace }) => notAllowed(["GET"], trace);
  return OPEN_PAGES.get(`${method} ${name}`);
}

let made: ReturnType<typeof openApiDocument> | undefined;

/** Made when it is asked for first: a cold start that nobody asks does not pay for it. */
function documentOnce() {
  made ??= openApiDocument(ROUTES);
  return made;
}
