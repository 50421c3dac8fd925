import { z } from "zod";
import { json, parseJson, Refusal } from "./wire.ts";
import type { Call } from "./world.ts";

/** Reads the body of a control call. Refuses with 400 and what is wrong with it. */
export function readControl<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(parseJson(call.request.body));
  if (read.success) return read.data;
  throw new Refusal(json(400, { Message: z.prettifyError(read.error) }));
}
