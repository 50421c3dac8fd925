import type { Resource, TimelineAnswer } from "./answers.ts";
import { BarButton } from "./bar-button.tsx";
import { barsOf } from "./bars.ts";
import { dayText } from "./when.ts";

const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** Seven days: a row for each room, a column for each day. */
export function TimelineWeek({ data, first }: { readonly data: TimelineAnswer; readonly first: Date }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys
    <section class="timeline" tabIndex={0} aria-label="Rooms and days">
      <table class="week">
        <thead>
          <tr>
            <th scope="col">Room</th>
            {DAYS.map((day) => (
              <th key={day} scope="col">
                {dayText(first, day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.resources.map((room) => (
            <Row key={room.id} {...{ room, data, first }} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly room: Resource;
  readonly data: TimelineAnswer;
  readonly first: Date;
}

function Row({ room, data, first }: RowProps) {
  const pairs = data.items.filter(({ resource }) => resource === room.id);
  const bars = barsOf(pairs, room.timeZone, first);
  return (
    <tr>
      <th scope="row">{room.id}</th>
      {DAYS.map((day) => (
        <td key={day}>
          {bars
            .filter(({ start, end }) => start < (day + 1) * 24 * 60 && end > day * 24 * 60)
            .map((bar) => (
              <BarButton key={bar.pair.bookingKey + bar.sides} bar={bar} zone={room.timeZone} />
            ))}
        </td>
      ))}
    </tr>
  );
}
