import { outlook } from "../../../shared/providers/outlook/index.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

/** What the scripted Graph was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Below `/v1.0`, decoded. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Answer = Response | Error | ((asked: Asked) => Response | Promise<Response>);

export const ROOM = "boardroom@contoso.example";
export const NAMES = ["BookingSystemId", "BookingSystemType"];

/** An answer in Graph's manner. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

export function failure(status: number, code: string, headers: Record<string, string> = {}): Response {
  return json({ error: { code, message: "about Priya Raman" } }, status, headers);
}

/** An event as Graph shows one. */
export function event(id: string, fields: object = {}): Record<string, unknown> {
  return {
    "@odata.etag": `W/"${id}-1"`,
    id,
    iCalUId: `uid-${id}`,
    lastModifiedDateTime: "2027-01-03T09:00:00.1234567Z",
    originalStartTimeZone: "W. Europe Standard Time",
    isAllDay: false,
    isCancelled: false,
    subject: "Choir practice",
    body: { contentType: "text", content: "Bring chairs" },
    start: { dateTime: "2027-01-10T08:00:00.0000000", timeZone: "UTC" },
    end: { dateTime: "2027-01-10T09:00:00.0000000", timeZone: "UTC" },
    sensitivity: "normal",
    type: "singleInstance",
    ...fields,
  };
}

/**
 * Outlook over a transport that gives these answers one after the other, and what it was asked. Without
 * credentials among the settings, tokens are given beside that.
 */
export function scripted(
  answers: readonly Answer[],
  settings: { readonly clientSecret?: string } & Record<string, unknown> = {},
  root = "http://stand-in.example/graph",
) {
  const asked: Asked[] = [];
  const left = [...answers];
  const transport: typeof fetch = async (input, init) => {
    const url = String(input);
    const body = init?.body == null ? undefined : String(init.body);
    const seen: Asked = {
      method: init?.method ?? "GET",
      url,
      path: decodeURIComponent(url.slice(url.indexOf("/v1.0/") + 5)),
      headers: new Headers(init?.headers),
      body: body?.startsWith("{") ? JSON.parse(body) : body,
    };
    if (settings.clientSecret === undefined && url === `${root}/sandbox/oauth2/v2.0/token`) {
      return json({ access_token: "given", expires_in: 3599 });
    }
    asked.push(seen);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`no answer is left for ${seen.method} ${url}`);
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(seen) : answer;
  };
  const clock = manualClock();
  const calendar = outlook.connect({
    settings: outlook.settings.parse(settings),
    root,
    timeZone: "Europe/Oslo",
    clock,
    secrets: { read: async (name) => `value of ${name}` },
    fetch: transport,
    properties: NAMES,
  });
  return { calendar, clock, asked, left };
}
