import { z } from "zod";

/**
 * Topic `calendar-touched`: something changed on a calendar, or it is time to look. Ordering key
 * `{ws}/{calendarId}`, so that one calendar is listed by one worker at a time.
 */
export const TOPIC = "calendar-touched";

export const CalendarTouched = z.object({
  ws: z.string(),
  calendarId: z.string(),
  /** `push`: a channel told us; `poll`: the floor under lost pushes; `request`: a person asked. */
  via: z.enum(["push", "poll", "request"]),
  /** The channel that told us; one that is no longer ours is dropped by `calendar-pull`. */
  channelId: z.string().exactOptional(),
  /** The channel will tell nothing more: it is to be replaced. */
  ends: z.literal(true).exactOptional(),
});
export type CalendarTouched = z.infer<typeof CalendarTouched>;

/** The message to publish, with the key that keeps one calendar in order. */
export function messageOf(touched: CalendarTouched): {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
} {
  const { ws, calendarId, via } = touched;
  const orderingKey = `${ws}/${calendarId}`;
  return { data: JSON.stringify(touched), attributes: { ws, calendarId, via, orderingKey }, orderingKey };
}
