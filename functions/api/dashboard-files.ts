import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";

/** What Vite built (`scripts/dashboard/build.ts`): it stands beside this file, and `current.txt` says in which folder. */
const DIST = join(import.meta.dirname, "dashboard", "dist");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Our own files and nothing else; no inline script, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

let files: ReadonlyMap<string, EdgeAnswer> | undefined;

/** The dashboard's page (`""`) or one of its files; undefined where there is none. Read once, then kept. */
export function assetOf(path: string): EdgeAnswer | undefined {
  files ??= readFiles();
  return files.get(path);
}

function readFiles(): ReadonlyMap<string, EdgeAnswer> {
  const found = new Map<string, EdgeAnswer>();
  const folder = currentFolder();
  if (folder === undefined) return found;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const page = name === "index.html";
    found.set(page ? "" : name.replaceAll("\\", "/"), {
      status: 200,
      text: readFileSync(join(folder, name), "utf8"),
      headers: {
        "content-type": type,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        // The names of built files change with their content.
        "cache-control": page ? "no-cache" : "public, max-age=31536000, immutable",
      },
    });
  }
  return found;
}

/** Undefined where nothing was built: then there is an API without a dashboard. */
function currentFolder(): string | undefined {
  const pointer = join(DIST, "current.txt");
  return existsSync(pointer) ? join(DIST, readFileSync(pointer, "utf8")) : undefined;
}
