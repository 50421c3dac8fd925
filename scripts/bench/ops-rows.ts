import { pollSources } from "../../shared/flows/poll-sources.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { tick } from "../../shared/flows/tick.ts";
import * as touched from "../../shared/topics/calendar-touched.ts";
import { BAY_1, BAY_2, WS } from "../sim/studio/studio-config.ts";
import type { Cost } from "./cost.ts";
import type { OpsRow } from "./ops-budgets.ts";
import type { OpsStudio } from "./ops-studio.ts";

/** One story in a studio of its own; answers what its steps cost. */
export type Scene = (studio: OpsStudio) => Promise<Partial<Record<OpsRow, Cost>>>;

const START = "2027-01-20T10:00:00";

/** Together they measure every row of the budget. */
export const SCENES: readonly Scene[] = [
  lifeOfABooking,
  bayChange,
  foundByPoll,
  dragged,
  draggedOntoItself,
  draggedToAnotherMonth,
  deleted,
  toldTwice,
  nothingNew,
];

async function lifeOfABooking(studio: OpsStudio) {
  let id = "";
  const create = await studio.change(async () => {
    id = await studio.book(1, START);
  });
  const { pushes: created } = await studio.echoes();
  const move = await studio.change(() => studio.staff("edit", { id, StartTime: "2027-01-20T14:00:00" }));
  const { pushes: moved } = await studio.echoes();
  const cancel = await studio.change(() => studio.staff("cancel", { id }));
  const { pushes: removed } = await studio.echoes();
  const enable = await studio.change(() => studio.staff("reenable", { id }));
  return {
    create,
    move,
    cancel,
    "re-enable": enable,
    "echo of our insert": created,
    "echo of our patch": moved,
    "echo of our removal": removed,
  };
}

async function bayChange(studio: OpsStudio) {
  const id = await standing(studio);
  return { "resource change": await studio.change(() => studio.staff("edit", { id, ResourceName: "Bay 2" })) };
}

async function foundByPoll(studio: OpsStudio) {
  await studio.poll();
  const lost = { "x-sandbox-fault": "notify-lost" };
  const order = { ResourceName: "Bay 1", StartTime: START, ServiceLength: 60, CustomerName: "Maya Lindqvist" };
  await studio.call("POST", "/sandbox/uschedule/book", order, lost);
  return { "create, found by a poll": await studio.work(() => pollSources(studio.world)) };
}

async function dragged(studio: OpsStudio) {
  const drag = await dragFrom(studio, "2027-01-21T15:00:00", "2027-01-21T16:00:00");
  const { pushes, webhooks } = await studio.echoes();
  return { drag, "echo of a rebooking": pushes, "webhooks of a rebooking": webhooks };
}

async function draggedOntoItself(studio: OpsStudio) {
  return { "drag onto its own slot": await dragFrom(studio, "2027-01-20T10:30:00", "2027-01-20T11:30:00") };
}

async function draggedToAnotherMonth(studio: OpsStudio) {
  return { "drag to another month": await dragFrom(studio, "2027-03-20T10:00:00", "2027-03-20T11:00:00") };
}

async function deleted(studio: OpsStudio) {
  const [first, second] = [await standing(studio), await standing(studio, "2027-01-21T10:00:00")];
  const one = await deleteEventOf(studio, first);
  const { webhooks } = await studio.echoes();
  const another = await deleteEventOf(studio, second);
  return {
    "event deleted": one,
    "another event deleted within the hour": another,
    "webhook of our cancellation": webhooks,
  };
}

async function toldTwice(studio: OpsStudio) {
  await standing(studio);
  const told = studio.webhooks.at(-1);
  if (told === undefined) throw new Error("a booking is told of by a webhook");
  return {
    "duplicate webhook, same delivery": await studio.work(() => studio.receiveWebhook(told)),
    "duplicate webhook, new delivery id": await studio.work(() =>
      studio.receiveWebhook({ ...told, id: "msg_another" }),
    ),
  };
}

async function nothingNew(studio: OpsStudio) {
  await studio.turnSchedulers();
  // The first compares, the second logs the day's statistics.
  await tick(studio.world);
  await tick(studio.world);
  const look = touched.messageOf({ ws: WS, calendarId: BAY_2, via: "poll" });
  return {
    "poll with nothing new": await studio.work(() => pollSources(studio.world)),
    "sweep with nothing new": await studio.work(() => sweep(studio.world)),
    "nothing due": await studio.work(() => tick(studio.world)),
    "calendar touched, nothing new": await studio.work(() => studio.world.publisher.publish(touched.TOPIC, [look])),
  };
}

/** A booking on bay 1 with its event, all quiet. Answers its id. */
async function standing(studio: OpsStudio, start = START): Promise<string> {
  const id = await studio.book(1, start);
  await studio.settle();
  return id;
}

async function dragFrom(studio: OpsStudio, start: string, end: string): Promise<Cost> {
  const event = await studio.eventOf(BAY_1, await standing(studio));
  return studio.change(() => studio.drag(BAY_1, event.id, start, end));
}

async function deleteEventOf(studio: OpsStudio, id: string): Promise<Cost> {
  const event = await studio.eventOf(BAY_1, id);
  return studio.change(() => studio.deleteEvent(BAY_1, event.id));
}
