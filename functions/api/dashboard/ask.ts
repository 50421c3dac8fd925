/** A refusal of the API: what happened and what to do, in its own words. */
export class Refused extends Error {
  readonly status: number;
  readonly remedy: string;

  constructor(status: number, detail: string, remedy: string) {
    super(detail);
    this.status = status;
    this.remedy = remedy;
  }
}

/** The workspace in view; "" until the session says which. It travels with every call. */
let workspace = "";

export function chooseWorkspace(ws: string): void {
  workspace = ws;
}

/** The address of a call, with the workspace in view. */
export function addressOf(path: string): string {
  const [name = "", query = ""] = path.split("?");
  const all = new URLSearchParams(query);
  if (workspace !== "") all.set("ws", workspace);
  const text = all.toString();
  return `/api/${name}${text === "" ? "" : `?${text}`}`;
}

/** Reads. Throws Refused. */
export function get<T>(path: string): Promise<T> {
  return ask<T>(path, { method: "GET" });
}

/** Decides. The header says that our own page asks; pages of other sites cannot send it. Throws Refused. */
export function post<T>(path: string, body?: object): Promise<T> {
  return ask<T>(path, { method: "POST", ...(body !== undefined && { body: JSON.stringify(body) }) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await fetch(addressOf(path), {
    ...init,
    headers: { accept: "application/json", "x-lockstep": "dashboard" },
  }).catch(() => undefined);
  if (answer === undefined) throw new Refused(0, "Lockstep cannot be reached.", "It is tried again by itself.");
  const json: unknown = await answer.json().catch(() => ({}));
  // Proof: the contract test holds every answer of the API against its schema.
  if (answer.ok) return json as T;
  const { detail, title, remedy } = json as { detail?: string; title?: string; remedy?: string };
  throw new Refused(answer.status, detail ?? title ?? `Refused with ${answer.status}.`, remedy ?? "");
}
