import { createHash } from "node:crypto";
import type { ResourceConfig } from "../config.ts";
import type { Content } from "../sync/content.ts";
import type { Span } from "../sync/time.ts";

/**
 * What a booking should look like on a resource's calendar, by the resource's templates. `{name}`
 * stands for the booking's field of that name.
 */
export function renderContent(
  resource: ResourceConfig,
  booking: { readonly id: string; readonly span: Span; readonly fields: Readonly<Record<string, string>> },
): Content {
  const values: Record<string, string> = { resource: resource.sourceName, ...booking.fields, id: booking.id };
  const title = fill(resource.title, values);
  const description = fill(resource.description, values);
  return {
    span: booking.span,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

/** The filled template; undefined (unknown, law 11) where the source said nothing of what it asks for. */
function fill(template: string, values: Readonly<Record<string, string>>): string | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  if (names.length > 0 && names.every((name) => values[name] === undefined)) return undefined;
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "").trim();
}

/** Ten hex digits over what is said; tells whether an event still looks as Lockstep wrote it. */
export function digest(content: Content): string {
  const span = content.span === undefined ? "" : `${content.span.kind} ${content.span.start} ${content.span.end}`;
  const text = JSON.stringify([span, content.title ?? null, content.description ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
