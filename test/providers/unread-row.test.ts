import { expect, test } from "vitest";
import { unreadRow } from "../../shared/providers/unread-row.ts";

const AROUND = {
  kind: "timed",
  start: "2027-01-11T13:00:00.000Z",
  end: "2027-01-11T14:00:00.000Z",
  zone: "Europe/London",
} as const;
const REASON = "its end is not after its start";

test.each([
  ["unclear", {}],
  ["cancelled", { cancelled: true }],
] as const)("law 10: a row that cannot be read is %s where it was last seen", (status, end) => {
  expect(unreadRow("Shop: 7", { id: "7", around: AROUND }, { reason: REASON, ...end })).toMatchObject({
    ...{ id: "7", status, span: AROUND, resources: [] },
  });
});

test("one that was never seen is refused with its reason, unless it is cancelled: then there is nothing to miss", () => {
  expect(() => unreadRow("Shop: 7", { id: "7" }, { reason: REASON })).toThrow(
    `Shop: 7 cannot be kept in step: ${REASON}.`,
  );
  expect(unreadRow("Shop: 7", { id: "7" }, { reason: REASON, cancelled: true })).toBeUndefined();
});
