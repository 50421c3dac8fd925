import { parseArgs } from "node:util";
import { z } from "zod";

const USAGE = `npm run replay -- mail [OPTIONS]

Reads the kept mails with the present reader and shows what would change; with --apply it is done.

  --ws W       workspace (of the key; on one machine: the first of the configuration)
  --apply      do it: facts, stays and their events
  --url URL    where Lockstep runs (http://localhost:8080)
  --key KEY    an API key with the scope "operate" (or LOCKSTEP_API_KEY); none is needed on one machine
`;

/** Answers of the API as far as they are shown. */
const Page = z.object({
  scanned: z.number(),
  next: z.string().nullable(),
  changes: z.array(
    z.object({
      mail: z.string(),
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
      differs: z.array(z.string()),
      would: z.string(),
    }),
  ),
});
type Change = z.infer<typeof Page>["changes"][number];
const Refusal = z.object({ code: z.string(), detail: z.string(), remedy: z.string() });

const PAGE = 100;

/** One page after the other, so that thousands of mails are no one long request. Throws with the API's own words. */
async function replay(options: { ws?: string; apply: boolean; url: string; key?: string }): Promise<void> {
  let [scanned, changed, after]: [number, number, string | undefined] = [0, 0, undefined];
  do {
    const page = await askPage(options, after);
    scanned += page.scanned;
    changed += page.changes.length;
    for (const change of page.changes) process.stdout.write(lineOf(change));
    after = page.next ?? undefined;
    if (after !== undefined) process.stderr.write(`${scanned} mails read …\n`);
  } while (after !== undefined);
  const done = options.apply ? "changed" : "would change (add --apply to do it)";
  process.stdout.write(`${scanned} mails read, ${changed} ${done}\n`);
}

async function askPage({ ws, apply, url, key }: Parameters<typeof replay>[0], after: string | undefined) {
  const query = ws === undefined ? "" : `?ws=${encodeURIComponent(ws)}`;
  const answer = await fetch(`${url.replace(/\/+$/, "")}/api/emails/replay${query}`, {
    method: "POST",
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    body: JSON.stringify({ apply, limit: PAGE, ...(after === undefined ? {} : { after }) }),
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return Page.parse(body);
  const refusal = Refusal.safeParse(body);
  throw new Error(
    refusal.success ? `${refusal.data.detail} ${refusal.data.remedy}` : `${url} answered ${answer.status}.`,
  );
}

/** `mail  guestName: null → "Jane Doe"  A confirmation, about the stay …` */
function lineOf({ mail, before, after, differs, would }: Change): string {
  const told = (side: Change["before"], name: string) => JSON.stringify(side?.[name] ?? null);
  const fields = differs.map((name) => `${name}: ${told(before, name)} → ${told(after, name)}`);
  return `${mail}  ${fields.join(", ")}  ${would}\n`;
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ws: { type: "string" },
    apply: { type: "boolean", default: false },
    url: { type: "string", default: "http://localhost:8080" },
    key: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else if (positionals.join() !== "mail") fail(USAGE);
else {
  const key = values.key ?? process.env["LOCKSTEP_API_KEY"];
  const { ws, apply, url } = values;
  await replay({ apply, url, ...(ws === undefined ? {} : { ws }), ...(key === undefined ? {} : { key }) }).catch(
    (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
  );
}
