import type { Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./errors.ts";
import { answerPage, readPaging } from "./odata.ts";
import type { MailboxRow } from "./rows.ts";
import { mailboxesOf, roomListsOf } from "./shelves.ts";

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

/** `GET /places/microsoft.graph.room`. */
export function listRooms(call: Call): Reply {
  return answerPlaces(call, "room", roomsOf(call).map(showRoom));
}

/** `GET /places/microsoft.graph.roomlist`. */
export function listRoomLists(call: Call): Reply {
  const lists = roomListsOf(call.world).all("lists");
  const shown = lists.map(({ id, email, displayName }) => ({ id, displayName, emailAddress: email }));
  return answerPlaces(call, "roomList", shown);
}

/** `GET /places/{roomlist}/microsoft.graph.roomlist/rooms`. */
export function listRoomsOfList(call: Call, [name = ""]: readonly string[]): Reply {
  const wanted = name.toLowerCase();
  const list = roomListsOf(call.world)
    .all("lists")
    .find(({ id, email }) => id === wanted || email.toLowerCase() === wanted);
  if (list === undefined) return refuse(404, "ResourceNotFound", `The room list '${name}' was not found.`);
  const rooms = roomsOf(call).filter(({ room }) => room?.list?.toLowerCase() === list.email.toLowerCase());
  return answerPlaces(call, "room", rooms.map(showRoom));
}

/** `GET /groups`: a room list is a mail group, and one more has no mailbox. */
export function listGroups(call: Call): Reply {
  const lists = roomListsOf(call.world).all("lists");
  const mail = lists.map(({ id, email, displayName }) => ({ id, displayName, mail: email, mailEnabled: true }));
  const bare = {
    id: "00000000-0000-4000-8000-00000000000a",
    displayName: "Caretakers",
    mail: null,
    mailEnabled: false,
  };
  return answerPage(call, "groups", [...mail, bare], readPaging(call, DEFAULT_PAGE, MAX_PAGE));
}

function answerPlaces(call: Call, type: string, places: readonly Record<string, unknown>[]): Reply {
  return answerPage(call, `places/microsoft.graph.${type}`, places, readPaging(call, DEFAULT_PAGE, MAX_PAGE));
}

function roomsOf({ world }: Call): MailboxRow[] {
  return mailboxesOf(world)
    .all("mailboxes")
    .filter(({ room }) => room !== undefined);
}

function showRoom({ id, email, displayName, room }: MailboxRow): Record<string, unknown> {
  return {
    id,
    displayName,
    emailAddress: email,
    nickname: displayName,
    building: room?.building ?? null,
    capacity: room?.capacity ?? null,
    bookingType: "standard",
    isWheelChairAccessible: false,
    phone: "",
    tags: [],
  };
}
