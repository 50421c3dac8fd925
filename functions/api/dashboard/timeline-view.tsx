import { useEffect, useRef } from "preact/hooks";
import type { Resource, TimelineAnswer } from "./answers.ts";
import { type Bar, barsOf } from "./bars.ts";
import { useNow } from "./hooks.ts";
import { dayText, spanText } from "./when.ts";

interface ViewProps {
  readonly data: TimelineAnswer;
  readonly first: Date;
  readonly days: 1 | 7;
}

const DAY = 24 * 60;
/** Pixels of an hour. */
const HOUR = { 1: 72, 7: 26 } as const;
/** A bar's height with the gap to the next. */
const LANE = 62;

/** A line for each room, along the hours of the wall there; what is not in step stands out by colour, words and dashes. */
export function TimelineView({ data, first, days }: ViewProps) {
  const place = useRef<HTMLElement>(null);
  const width = days * 24 * HOUR[days];
  useEffect(() => {
    place.current?.scrollTo({ left: 6.5 * HOUR[days] });
  }, [days]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
    <section class="timeline" ref={place} tabIndex={0} aria-label="Rooms along the hours">
      <Hours first={first} days={days} width={width} />
      {data.resources.map((room) => (
        <Line key={room.id} {...{ room, data, first, days, width }} />
      ))}
    </section>
  );
}

function Hours({ first, days, width }: Omit<ViewProps, "data"> & { readonly width: number }) {
  const step = days === 1 ? 1 : 6;
  const marks = Array.from({ length: (days * 24) / step }, (_, index) => index * step);
  return (
    <div class="line is-hours" aria-hidden="true">
      <span class="room" />
      <div class="track" style={{ width: `${width}px` }}>
        {days > 1 &&
          Array.from({ length: days }, (_, day) => (
            <strong key={day} style={{ left: `${day * 24 * HOUR[days]}px` }}>
              {dayText(first, day)}
            </strong>
          ))}
        {marks.map((hour) => (
          <span key={hour} style={{ left: `${hour * HOUR[days]}px` }}>
            {String(hour % 24).padStart(2, "0")}
          </span>
        ))}
      </div>
    </div>
  );
}

interface LineProps extends ViewProps {
  readonly room: Resource;
  readonly width: number;
}

function Line({ room, data, first, days, width }: LineProps) {
  const pairs = data.items.filter(({ resource }) => resource === room.id);
  const bars = barsOf(pairs, room.timeZone, first).filter(({ end, start }) => end > 0 && start < days * DAY);
  const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
  const style = {
    width: `${width}px`,
    height: `${lanes * LANE}px`,
    backgroundSize: `${HOUR[days] * (days === 1 ? 1 : 6)}px`,
  };
  return (
    <div class="line">
      <h2 class="room" id={`room-${room.id}`}>
        {room.id}
      </h2>
      <ul class="track" style={style} aria-labelledby={`room-${room.id}`}>
        {bars.map((bar) => (
          <BarItem key={bar.pair.bookingKey + bar.sides} bar={bar} zone={room.timeZone} days={days} />
        ))}
        <Now first={first} days={days} />
      </ul>
    </div>
  );
}

function BarItem({ bar, zone, days }: { readonly bar: Bar; readonly zone: string; readonly days: 1 | 7 }) {
  const px = (minutes: number) => (Math.min(Math.max(minutes, 0), days * DAY) / 60) * HOUR[days];
  const left = px(bar.start);
  return (
    <li style={{ left: `${left}px`, width: `${Math.max(px(bar.end) - left, 24)}px`, top: `${bar.lane * LANE}px` }}>
      <BarButton bar={bar} zone={zone} />
    </li>
  );
}

/** One bar: what it is, when, and which sides say so. Opens why. */
export function BarButton({ bar, zone }: { readonly bar: Bar; readonly zone: string }) {
  const { pair, span, sides } = bar;
  const title = pair.title === "" ? pair.bookingKey : pair.title;
  const state = pair.state.replaceAll("-", " ");
  const when = spanText(span, zone);
  return (
    <button
      type="button"
      class={`bar is-${pair.state} ${sides === "booking and event" ? "" : "is-one-side"}`}
      title={[title, when, state, sides, pair.detail ?? ""].filter((part) => part !== "").join(" · ")}
      onClick={() => dispatchEvent(new CustomEvent("explain", { detail: pair.bookingKey }))}
    >
      <strong>{title}</strong>
      <span>{when.split(", ").at(-1)}</span>
      <span>
        {state} · {sides}
      </span>
    </button>
  );
}

function Now({ first, days }: { readonly first: Date; readonly days: 1 | 7 }) {
  const minutes = (useNow(30_000) - first.getTime()) / 60_000;
  if (minutes < 0 || minutes > days * DAY) return null;
  return <li class="now" aria-hidden="true" style={{ left: `${(minutes / 60) * HOUR[days]}px` }} />;
}
