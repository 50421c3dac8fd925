import { createHash } from "node:crypto";
import type { ResourceConfig } from "../config.ts";
import type { Content } from "../sync/content.ts";
import type { Span } from "../sync/time.ts";

/**
 * What a booking should look like on a resource's calendar, by the resource's templates. `{name}`
 * stands for the booking's field of that name; what the source did not say is left empty.
 */
export function renderContent(
  resource: ResourceConfig,
  booking: { readonly id: string; readonly span: Span; readonly fields: Readonly<Record<string, string>> },
): Content {
  const values: Record<string, string> = { resource: resource.sourceName, ...booking.fields, id: booking.id };
  return {
    span: booking.span,
    title: fill(resource.title, values) || `Booking ${booking.id}`,
    description: fill(resource.description, values),
  };
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "").trim();
}

/** Ten hex digits over what is said; tells whether an event still looks as Lockstep wrote it. */
export function digest(content: Content): string {
  const span = content.span === undefined ? "" : `${content.span.kind} ${content.span.start} ${content.span.end}`;
  const text = JSON.stringify([span, content.title ?? null, content.description ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
