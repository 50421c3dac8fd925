import type { SQLInputValue } from "node:sqlite";
import type { Query, Where } from "../ports/store.ts";
import { MAX_ROWS, orderOf } from "../ports/store-checks.ts";

export interface Sql {
  readonly text: string;
  readonly values: SQLInputValue[];
}

/**
 * A query of one workspace as SQL. The query is checked before: collection and fields are plain
 * names and stand in the text, as partial and expression indexes need it; so does the limit, since SQLite plans a
 * statement anew for every bound one (20 µs instead of 1). Values are bound.
 */
export function selectSql(workspace: string, query: Query): Sql {
  const { text, values } = matchSql(workspace, query);
  const page = query.after === undefined ? "" : " AND id > ?";
  const by = orderOf(query);
  const order = by ? ` AND ${kind(by.field)} IS NOT NULL ORDER BY ${orderSql(by)}` : " ORDER BY id";
  return {
    text: `SELECT id, data, version FROM documents ${text}${page}${order} LIMIT ${query.limit ?? MAX_ROWS}`,
    values: [...values, ...(query.after === undefined ? [] : [query.after])],
  };
}

/** How many documents the query's conditions match. */
export function countSql(workspace: string, query: Query): Sql {
  const { text, values } = matchSql(workspace, query);
  return { text: `SELECT count(*) AS n FROM documents ${text}`, values };
}

function matchSql(workspace: string, { collection, where = [] }: Query): Sql {
  const conditions = where.map(conditionSql);
  return {
    text: ["WHERE workspace = ?", `collection = '${collection}'`, ...conditions.map((each) => each.text)].join(" AND "),
    values: [workspace, ...conditions.flatMap((each) => each.values)],
  };
}

/** SQLite compares numbers with text; Firestore does not. So the type has to fit as well. */
function conditionSql({ field, op, value }: Where): Sql {
  const bound = typeof value === "boolean" ? Number(value) : value;
  if (op === "==" && isPlainText(value)) return { text: `${extract(field)} = ?`, values: [bound] };
  return { text: `${extract(field)} ${op} ? AND ${kind(field)} IN ${KINDS[typeOf(value)]}`, values: [bound] };
}

/** Equal to nothing but the same text, so that an index answers alone: what is no text is a number or the JSON of an object. */
function isPlainText(value: Where["value"]): boolean {
  return typeof value === "string" && !/^[{[]/.test(value);
}

const KINDS = { string: "('text')", number: "('integer', 'real')", boolean: "('true', 'false')" };

function typeOf(value: string | number | boolean): keyof typeof KINDS {
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : "boolean";
}

/** Documents with the same value follow each other by id, in the same direction, as in Firestore. */
function orderSql({ field, descending = false }: NonNullable<Query["orderBy"]>): string {
  const direction = descending ? "DESC" : "ASC";
  return `${extract(field)} ${direction}, id ${direction}`;
}

/** The expression every index of `document-schema.ts` is built on; the two must stay the same text. */
export function extract(field: string): string {
  return `json_extract(data, '$.${field}')`;
}

function kind(field: string): string {
  return `json_type(data, '$.${field}')`;
}
