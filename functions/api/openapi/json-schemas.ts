import { z } from "zod";

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Schemas of one document. Those with an id stand once, under `components`, however often they are used. */
export interface JsonSchemas {
  /** What is sent (`input`) or answered (`output`), with references into `components`. */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema;
  /** The named ones met so far, by name. */
  readonly components: ReadonlyMap<string, JsonSchema>;
}

/** Throws where two schemas of different shape claim one name. */
export function collectSchemas(): JsonSchemas {
  const components = new Map<string, JsonSchema>();
  const keep = (name: string, schema: JsonSchema) => {
    const before = components.get(name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas of the API are called ${name}: give one of them another id.`);
    }
    components.set(name, schema);
  };
  return {
    components,
    of(schema, io) {
      const { $schema: _, $defs = {}, ...whole } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
      for (const [name, named] of Object.entries($defs)) keep(name, cleaned(named));
      return cleaned(whole);
    },
  };
}

/** References into a schema's own definitions become those of the document. */
function cleaned(schema: object): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? value.replace("#/$defs/", "#/components/schemas/") : value,
  );
  return JSON.parse(text);
}
