import { createHash } from "node:crypto";
import type { ResourceConfig, Template } from "../config.ts";
import type { Content } from "../sync/content.ts";
import type { Span } from "../sync/time.ts";

/** What of a booking goes into templates. */
export interface Shown {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * What a booking should look like on a resource's calendar, by the resource's templates. `{name}`
 * stands for the booking's field of that name.
 */
export function renderContent(resource: ResourceConfig, booking: Shown & { readonly span: Span }): Content {
  const values = valuesOf(resource, booking);
  const title = fill(templateFor(resource.title, booking, "{title}"), values);
  const description = fill(templateFor(resource.description, booking, "{notes}"), values);
  return {
    span: booking.span,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...standingOf(booking),
  };
}

/** What a source says in its field `standing`; others never say it. */
function standingOf({ fields: { standing } }: Shown): Pick<Content, "standing"> {
  return standing === "tentative" || standing === "confirmed" ? { standing } : {};
}

/** The resource's own properties for a booking's event; one of which the source says nothing is left out (law 11). */
export function renderProperties(resource: ResourceConfig, booking: Shown): Record<string, string> {
  const values = valuesOf(resource, booking);
  const filled = Object.entries(resource.properties).map(([name, template]) => [name, fill(template, values)] as const);
  return Object.fromEntries(filled.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function valuesOf({ sourceName }: ResourceConfig, { id, fields }: Shown): Record<string, string> {
  return { resource: sourceName, ...fields, id };
}

/** Of templates by kind the booking's own; undefined (unknown) where the source did not say its kind. */
function templateFor(template: Template, { fields: { kind } }: Shown, closure: string): string | undefined {
  if (typeof template === "string") return template;
  return Object.entries({ closure, ...template }).find(([name]) => name === kind)?.[1];
}

/** `{customer}`, or `{customer|title}`: the first of them that is known. */
const PLACE = /\{(\w+(?:\|\w+)*)\}/g;

/** The filled template; undefined (unknown, law 11) where the source said nothing of what it asks for. */
function fill(template: string | undefined, values: Readonly<Record<string, string>>): string | undefined {
  if (template === undefined) return undefined;
  const said = (names: string) => names.split("|").flatMap((name) => values[name] ?? [])[0];
  const places = [...template.matchAll(PLACE)].map((match) => match[1] ?? "");
  if (places.length > 0 && places.every((names) => said(names) === undefined)) return undefined;
  return template.replaceAll(PLACE, (_, names: string) => said(names) ?? "").trim();
}

/**
 * Ten hex digits over what is said; tells whether an event still looks as Lockstep wrote it. An event takes place unless
 * it is said to be tentative: most sources say neither, and every event shows one of the two.
 */
export function digest(content: Content): string {
  const span = content.span === undefined ? "" : `${content.span.kind} ${content.span.start} ${content.span.end}`;
  const text = JSON.stringify([
    span,
    content.title ?? null,
    content.description ?? null,
    ...(content.standing === "tentative" ? ["tentative"] : []),
  ]);
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
