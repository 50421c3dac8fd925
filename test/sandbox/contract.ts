import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";

const ROOT = "https://lockstep.example/booking-api";

export const CONTRACT = parse(readFileSync("shared/providers/booking-api/openapi.yaml", "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat("date", /^\d{4}-\d\d-\d\d$/);
ajv.addFormat("email", /^[^@\s]+@[^@\s]+$/);
ajv.addSchema({ $id: ROOT, ...CONTRACT });

const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value by the schema at that pointer into the contract; empty where nothing is. */
export function complaintsAbout(value: unknown, pointer: string): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `${ROOT}#${pointer}` });
  compiled.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What is wrong with an answer by the operation's own responses: status, media type, body, headers. */
export function complaintsAboutAnswer(method: string, path: string, answer: Answered): string[] {
  const at = Object.keys(CONTRACT.paths).find((template) => matches(template, path));
  const operation = at === undefined ? undefined : CONTRACT.paths[at]?.[method.toLowerCase()];
  if (at === undefined || operation === undefined) return [`${method} ${path} is no operation`];
  const responses = `/paths/${asPart(at)}/${method.toLowerCase()}/responses`;
  const response = resolve(`${responses}/${answer.status}`);
  if (response === undefined) return [`${operation.operationId} does not answer ${answer.status}`];
  const { pointer, node } = response;
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  if (!Object.hasOwn(node.content ?? {}, type)) return [`${operation.operationId} ${answer.status} is no ${type}`];
  return [
    ...complaintsAbout(answer.body, `${pointer}/content/${asPart(type)}/schema`),
    ...Object.keys(node.headers ?? {}).flatMap((name) => {
      const value = answer.headers.get(name);
      const header = resolve(`${pointer}/headers/${asPart(name)}`);
      return value === null || header === undefined ? [] : complaintsAbout(value, `${header.pointer}/schema`);
    }),
  ];
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Node {
  readonly $ref?: string;
  readonly content?: object;
  readonly headers?: object;
}

/** The node at a pointer, one reference followed. */
function resolve(pointer: string): { readonly pointer: string; readonly node: Node } | undefined {
  const node = nodeAt(pointer);
  if (node?.$ref === undefined) return node === undefined ? undefined : { pointer, node };
  return resolve(node.$ref.slice(1));
}

function nodeAt(pointer: string): Node | undefined {
  let node: unknown = CONTRACT;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    node = typeof node === "object" && node !== null && name in node ? Reflect.get(node, name) : undefined;
  }
  return node as Node | undefined; // a node of the contract, or nothing
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}

function asPart(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}
