import type { TimelineAnswer } from "./answers.ts";
import { BarButton } from "./bar-button.tsx";
import { barsOf } from "./bars.ts";
import { dayText } from "./when.ts";

interface ListProps {
  readonly data: TimelineAnswer;
  readonly first: Date;
  readonly days: 1 | 7;
}

/** The same as the lines, for a narrow screen: day by day, each room's bars in their order. */
export function TimelineList({ data, first, days }: ListProps) {
  const rows = data.resources.flatMap(({ id, timeZone }) =>
    barsOf(
      data.items.filter(({ resource }) => resource === id),
      timeZone,
      first,
    ).map((bar) => ({ bar, room: id, zone: timeZone, day: Math.max(0, Math.floor(bar.start / (24 * 60))) })),
  );
  const dayNumbers = Array.from({ length: days }, (_, day) => day).filter((day) => rows.some((row) => row.day === day));
  return (
    <div class="days">
      {dayNumbers.map((day) => (
        <section key={day}>
          <h2>{dayText(first, day)}</h2>
          <ol>
            {rows
              .filter((row) => row.day === day)
              .sort((a, b) => a.bar.start - b.bar.start)
              .map(({ bar, room, zone }) => (
                <li key={bar.pair.bookingKey + room + bar.sides}>
                  <span class="room">{room}</span>
                  <BarButton bar={bar} zone={zone} />
                </li>
              ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
