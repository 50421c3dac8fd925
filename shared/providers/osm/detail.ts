import { z } from "zod";
import type { Client } from "./client.ts";

/** One booking's own answer; undefined where OSM says that there is none. */
export async function findDetail(client: Client, id: string, mayWait: boolean): Promise<object | undefined> {
  const path = `/v3/campsites/bookings/${encodeURIComponent(id)}`;
  const found = await client.find({ what: `booking ${id}`, path, answer: z.looseObject({}), mayWait });
  return found?.data;
}
