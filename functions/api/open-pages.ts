import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import { docsPage } from "./openapi/docs-page.ts";
import { openApiDocument } from "./openapi/document.ts";
import { ROUTES } from "./routes.ts";

const OPEN_PAGES: ReadonlyMap<string, () => EdgeAnswer> = new Map<string, () => EdgeAnswer>([
  ["health", () => ({ status: 200, json: { status: "ok" } })],
  ["openapi.json", () => ({ status: 200, json: documentOnce() })],
  ["docs", () => docsPage(documentOnce())],
]);

/** What is open to everybody, below `/api`: whether it lives, and how it is called. Undefined: this address is not. */
export function openPageOf(path: readonly string[]): (() => EdgeAnswer) | undefined {
  return OPEN_PAGES.get(path.join("/"));
}

let made: ReturnType<typeof openApiDocument> | undefined;

/** Made when it is asked for first: a cold start that nobody asks does not pay for it. */
function documentOnce() {
  made ??= openApiDocument(ROUTES);
  return made;
}
