import { createHash } from "node:crypto";
import type { EdgeAnswer } from "../../../shared/cloud/edge-request.ts";
import type { OpenApiDocument, Operation } from "./document.ts";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
details { margin: .5rem 0; padding: .5rem .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  border-radius: .5rem; }
summary { cursor: pointer; }
code, pre { font: 14px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 30rem; padding: .75rem; border-radius: .5rem;
  background: color-mix(in srgb, currentColor 8%, transparent); }
b { display: inline-block; min-width: 3rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
`;

/** Nothing but this page's own style: no script, no request to anywhere. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The document as a page for people. */
export function docsPage(document: OpenApiDocument): EdgeAnswer {
  return {
    status: 200,
    text: page(document),
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
  };
}

function page({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? "");
  const sections = [...groups].map(
    ([tag, some]) => `<section><h2>${text(tag)}</h2>${some.map(operationHtml).join("")}</section>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<details><summary><code>${text(name)}</code></summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${text(info.title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body><main>
<h1>${text(info.title)}</h1><p>${words(info.description)}</p>
<p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Send a key as <code>Authorization: Bearer lsk_…</code>.</p>
${sections.join("\n")}
<section><h2>Schemas</h2>${schemas.join("")}</section></main></body></html>`;
}

function operationHtml(of: { readonly path: string; readonly method: string; readonly operation: Operation }): string {
  const { path, method, operation } = of;
  return `<details><summary><b>${text(method.toUpperCase())}</b> <code>/api${text(path)}</code> ${words(operation.summary)}</summary>
<p>${words(operation.description)}</p>
<table><caption>Parameters</caption><tr><th>name</th><th>in</th><th></th></tr>${operation.parameters
    .map(
      (each) =>
        `<tr><td><code>${text(each.name)}</code>${each.required ? " *" : ""}</td><td>${each.in}</td><td>${words(each.description ?? "")}</td></tr>`,
    )
    .join("")}</table>
${operation.requestBody === undefined ? "" : `<p>Body</p>${json(operation.requestBody.content)}`}
<table><caption>Answers</caption>${Object.entries(operation.responses)
    .map(([status, { description }]) => `<tr><td><code>${status}</code></td><td>${words(description)}</td></tr>`)
    .join("")}</table>
${Object.entries(operation.responses)
  .filter(([status]) => status.startsWith("2"))
  .map(([, { content }]) => json(content))
  .join("")}</details>`;
}

function json(value: unknown): string {
  return `<pre tabindex="0">${text(JSON.stringify(value, null, 2))}</pre>`;
}

/** Sentences, in which back quotes mark code. */
function words(sentence: string): string {
  return text(sentence).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
