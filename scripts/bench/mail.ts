import { type CorpusPart, readCorpus } from "../mail/corpus.ts";
import { FACT_FIELDS, precision, recall, type Score, scoreCorpus } from "../mail/score.ts";

const PARTS: readonly CorpusPart[] = ["tuning", "held-out"];
/** What issue 5 asks of both parts. */
const MUST_FIELDS = ["guestName", "checkIn", "checkOut", "confirmationCode"] as const;
const LEAST_PRECISION = 0.99;
const LEAST_RECALL = 0.97;

/** `npm run bench -- mail`: how well the labelled mails are read. Answers whether what issue 5 asks for holds. */
export async function benchMail({ json }: { readonly json: boolean }): Promise<boolean> {
  const scores: { readonly part: CorpusPart; readonly score: Score; readonly short: readonly string[] }[] = [];
  for (const part of PARTS) {
    const score = await scoreCorpus(readCorpus(process.cwd(), part));
    scores.push({ part, score, short: shortcomings(score) });
  }
  const isGood = scores.every(({ short }) => short.length === 0);
  const head = { bench: "mail", measuredAt: new Date().toISOString(), node: process.version, good: isGood };
  const text = json
    ? JSON.stringify({ ...head, parts: scores.map(withoutHeldOutFaults) })
    : scores.map(drawPart).join("\n\n");
  process.stdout.write(`${text}\n`);
  return isGood;
}

/** Where a part stays below what is asked, one line each. */
export function shortcomings(score: Score): string[] {
  const actions = ["create", "create-partial", "cancel"].flatMap((action) => {
    const found = score.actions[action];
    return found === undefined || found.precision === 1 ? [] : [`${action}: precision ${found.precision}, 1 is asked`];
  });
  const fields = MUST_FIELDS.flatMap((field) => {
    const [exact, full] = [precision(score.fields[field]), recall(score.fields[field])];
    return [
      ...(exact < LEAST_PRECISION ? [`${field}: precision ${exact}, ${LEAST_PRECISION} is asked`] : []),
      ...(full < LEAST_RECALL ? [`${field}: recall ${full}, ${LEAST_RECALL} is asked`] : []),
    ];
  });
  return [...actions, ...fields];
}

function withoutHeldOutFaults(each: { readonly part: CorpusPart; readonly score: Score }): unknown {
  return each.part === "tuning" ? each : { ...each, score: { ...each.score, faults: [] } };
}

function drawPart({
  part,
  score,
  short,
}: {
  readonly part: CorpusPart;
  readonly score: Score;
  readonly short: readonly string[];
}): string {
  const lines = [
    `${part}: ${score.mails} mails, ${score.mailsPerSecond} a second`,
    row("field", "precision", "recall", "right", "wrong", "invented", "missed"),
    ...FACT_FIELDS.map((field) => {
      const { right, wrong, invented, missed } = score.fields[field];
      return row(field, precision(score.fields[field]), recall(score.fields[field]), right, wrong, invented, missed);
    }),
    row("kind or action", "precision", "recall", "stated"),
    ...[...Object.entries(score.kinds), ...Object.entries(score.actions)].map(([word, found]) =>
      row(word, found.precision, found.recall, found.stated),
    ),
    // What stands in the held-out mails is not looked into.
    ...(part === "tuning" ? score.faults : []).map((fault) => `READ OTHERWISE  ${fault}`),
    ...short.map((each) => `SHORT  ${each}`),
  ];
  return lines.join("\n");
}

function row(first: string, ...rest: readonly (string | number)[]): string {
  return [first.padEnd(18), ...rest.map((each) => String(each).padStart(10))].join("");
}
