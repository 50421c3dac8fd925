import { useEffect, useRef } from "preact/hooks";
import type { Resource, TimelineAnswer } from "./answers.ts";
import { BarButton } from "./bar-button.tsx";
import { type Bar, barsOf } from "./bars.ts";
import { useNow } from "./hooks.ts";

interface ViewProps {
  readonly data: TimelineAnswer;
  readonly first: Date;
}

const DAY = 24 * 60;
/** Pixels of an hour, and of a bar's height with the gap to the next. */
const HOUR = 72;
const LANE = 62;
const WIDTH = 24 * HOUR;

/** One day: a line for each room, along the hours of the wall there. */
export function TimelineView({ data, first }: ViewProps) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.scrollTo({ left: 6.5 * HOUR }), []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
    <section class="timeline" ref={place} tabIndex={0} aria-label="Rooms along the hours">
      <Hours />
      {data.resources.map((room) => (
        <Line key={room.id} {...{ room, data, first }} />
      ))}
    </section>
  );
}

function Hours() {
  return (
    <div class="line is-hours" aria-hidden="true">
      <span class="room" />
      <div class="track" style={{ width: `${WIDTH}px` }}>
        {Array.from({ length: 24 }, (_, hour) => (
          <time key={String(hour)} style={{ left: `${hour * HOUR}px` }}>
            {String(hour).padStart(2, "0")}:00
          </time>
        ))}
      </div>
    </div>
  );
}

function Line({ room, data, first }: ViewProps & { readonly room: Resource }) {
  const pairs = data.items.filter(({ resource }) => resource === room.id);
  const bars = barsOf(pairs, room.timeZone, first).filter(({ end, start }) => end > 0 && start < DAY);
  const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
  const style = { width: `${WIDTH}px`, height: `${lanes * LANE}px`, backgroundSize: `${HOUR}px` };
  return (
    <div class="line">
      <h2 class="room" id={`room-${room.id}`}>
        {room.id}
      </h2>
      <ul class="track" style={style} aria-labelledby={`room-${room.id}`}>
        {bars.map((bar) => (
          <BarItem key={bar.pair.bookingKey + bar.sides} bar={bar} zone={room.timeZone} />
        ))}
        <Now first={first} />
      </ul>
    </div>
  );
}

function BarItem({ bar, zone }: { readonly bar: Bar; readonly zone: string }) {
  const left = pixels(bar.start);
  const width = Math.max(pixels(bar.end) - left, 24);
  return (
    <li style={{ left: `${left}px`, width: `${width}px`, top: `${bar.lane * LANE}px` }}>
      <BarButton bar={bar} zone={zone} />
    </li>
  );
}

function pixels(minutes: number): number {
  return (Math.min(Math.max(minutes, 0), DAY) / 60) * HOUR;
}

function Now({ first }: { readonly first: Date }) {
  const minutes = (useNow(30_000) - first.getTime()) / 60_000;
  if (minutes < 0 || minutes > DAY) return null;
  return <li class="now" aria-hidden="true" style={{ left: `${pixels(minutes)}px` }} />;
}
