import * as fc from "fast-check";
import { ODD_TEXTS } from "./odd-values.ts";
import type { Sent } from "./send.ts";

/** Changes one side of a request; what it does is in its name. */
export type Twist = (sent: Sent) => Sent;

export const METHODS = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "QUERY",
] as const;

/** Headers that change how a request is read, understood or trusted. */
const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ["content-type", ""],
  ["content-type", "/;;"],
  ["content-type", "text/plain"],
  ["content-type", "application/json; charset=klingon"],
  ["content-type", "application/json; charset=utf-16"],
  ["content-type", "application/x-www-form-urlencoded"],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-type", "application/cloudevents+json"],
  ["content-type", "x".repeat(4_000)],
  ["content-encoding", "gzip"],
  ["content-encoding", "identity, gzip"],
  ["content-encoding", "br"],
  ["content-encoding", ""],
  ["transfer-encoding", "identity"],
  ["expect", "100-continue"],
  ["connection", "upgrade"],
  ["upgrade", "websocket"],
  ["x-http-method-override", "DELETE"],
  ["x-forwarded-host", "evil.example"],
  ["x-forwarded-for", "127.0.0.1, ::1, unknown, \u00e9"],
  ["x-forwarded-proto", "javascript"],
  ["x-original-url", "/api/keys"],
  ["traceparent", "00-00000000000000000000000000000000-0000000000000000-00"],
  ["traceparent", `00-${"a".repeat(32)}-${"b".repeat(16)}-01`],
  ["traceparent", "00-\u00e9"],
  ["x-cloud-trace-context", `${"A".repeat(32)}/1;o=1`],
  ["x-cloud-trace-context", "x".repeat(5_000)],
  ["function-execution-id", "\u00e9;id"],
  ["ce-id", "1"],
  ["ce-type", "google.cloud.pubsub.topic.v1.messagePublished"],
  ["cookie", "a=b; ".repeat(500)],
  ["accept", "text/html"],
  ["accept-encoding", "gzip"],
  ["range", "bytes=0-1"],
  ["if-none-match", "*"],
  ["x-api-key", ""],
  ["origin", "null"],
  ["referer", "https://evil.example/"],
  ["sec-fetch-site", "cross-site"],
  ["host", "evil.example"],
  ["host", ""],
];

const oddHeader: fc.Arbitrary<Twist> = fc.constantFrom(...ODD_HEADERS).map(
  (header): Twist =>
    (sent) => ({ ...sent, headers: [...sent.headers, header] }),
);

const doubledHeader: fc.Arbitrary<Twist> = fc.nat(20).map(
  (which): Twist =>
    (sent) => {
      const header = sent.headers[which % Math.max(1, sent.headers.length)];
      return header === undefined ? sent : { ...sent, headers: [...sent.headers, header] };
    },
);

/** In chunks, so that no length is told beforehand. */
const inChunks: Twist = (sent) => ({
  ...sent,
  headers: [...sent.headers, ["transfer-encoding", "chunked"]],
  body: Buffer.concat([
    ...chunksOf(sent.body).flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]),
    Buffer.from("0\r\n\r\n"),
  ]),
});

function chunksOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / 3));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, at) => body.subarray(at * size, (at + 1) * size));
}

const otherMethod: fc.Arbitrary<Twist> = fc.constantFrom(...METHODS).map(
  (method): Twist =>
    (sent) => ({ ...sent, method }),
);

/** Headers, method or transfer are other than usual; the content is what it was. */
export const twist: fc.Arbitrary<Twist> = fc.oneof(
  { arbitrary: fc.constant<Twist>((sent) => sent), weight: 6 },
  { arbitrary: oddHeader, weight: 4 },
  { arbitrary: doubledHeader, weight: 1 },
  { arbitrary: fc.constant(inChunks), weight: 1 },
  { arbitrary: otherMethod, weight: 2 },
);

/** Parts of a path as nobody's client writes them; all of them can stand on a request line. */
const PATH_PARTS: readonly string[] = [
  "",
  "%",
  "%zz",
  "%00",
  "%2F",
  "%2e%2e",
  "..",
  ".",
  "%E0%A4%A",
  "%F0%9F%91%8D",
  "%ED%A0%80",
  "%0d%0aset-cookie:x",
  "a%2Fb%25",
  "__proto__",
  "constructor",
  "toString",
  "villa",
  "*",
  ";a=b",
  "a#b",
  "a\\b",
  "\u00e9",
  "favicon.ico",
  "health",
  "x".repeat(401),
  "%2F".repeat(150),
  "y".repeat(7_000),
];

const pathPart = fc.oneof(
  { arbitrary: fc.constantFrom(...PATH_PARTS), weight: 3 },
  { arbitrary: fc.constantFrom(...ODD_TEXTS.filter((text) => text.isWellFormed())).map(encodeURIComponent), weight: 2 },
  { arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }).map(encodeURIComponent), weight: 1 },
);

/** One part of a path replaced, added or taken away; the parts before `keep` stay. */
export function mutatedPath(path: string, keep: number): fc.Arbitrary<string> {
  const parts = path.split("/").slice(1);
  const at = fc.integer({ min: keep, max: parts.length - 1 });
  return fc.oneof(
    { arbitrary: fc.tuple(at, pathPart).map(([index, part]) => joined(parts.with(index, part))), weight: 5 },
    { arbitrary: pathPart.map((part) => joined([...parts, part])), weight: 1 },
    { arbitrary: at.map((index) => joined(parts.toSpliced(index, 1))), weight: 1 },
    { arbitrary: fc.constantFrom(`/${path}`, `${path}/`, path.replaceAll("/", "//"), path.toUpperCase()), weight: 1 },
  );
}

function joined(parts: readonly string[]): string {
  return `/${parts.join("/")}`;
}

const QUERY_NAMES = [
  "limit",
  "after",
  "status",
  "resource",
  "ws",
  "key",
  "__proto__",
  "constructor",
  "",
  "limit[]",
] as const;

const queryValue = fc.oneof(
  fc.constantFrom(...ODD_TEXTS.filter((text) => text.isWellFormed())).map(encodeURIComponent),
  fc.constantFrom(
    "all",
    "open",
    "active",
    "10",
    "1e2",
    "0x10",
    "500",
    "501",
    "1.5",
    "%",
    "%ff",
    "loft",
    "villa",
    "bay-1",
  ),
);

/** Up to four parameters, the known ones among them, perhaps twice. */
export const oddQuery: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...QUERY_NAMES), queryValue), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`));
