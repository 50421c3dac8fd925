import { Webhook } from "standardwebhooks";
import { afterEach, expect, test } from "vitest";
import "../../functions/booking-webhook/index.ts";
import { type Bench, demoConfig, openBench, problem, WEBHOOK_SECRET } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const NOW = "2027-01-10T08:00:00.000Z";
const PATH = "/booking-webhook/loft/uschedule";

async function open(): Promise<void> {
  bench = await openBench("booking-webhook");
  bench.now = NOW;
}

const DATA = {
  AppointmentID: 4711,
  ResourceName: "Bay 1",
  StartTime: "2027-01-10T09:00:00",
  EndTime: "2027-01-10T10:00:00",
  CustomerName: "Jane Doe",
};

function bodyOf(data: object): string {
  return JSON.stringify({ type: "booking.updated", timestamp: "2027-01-10T08:00:00Z", data });
}

/** A delivery signed as the sender of `secret` signs. */
function signed(body: string, { id = "msg_1", at = NOW, secret = WEBHOOK_SECRET } = {}): RequestInit {
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(Date.parse(at) / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, new Date(at), body),
  };
  return { method: "POST", headers, body };
}

function withHeader(init: RequestInit, name: string, value: string): RequestInit {
  return { ...init, headers: { ...init.headers, [name]: value } };
}

test("a signed webhook is one booking-seen message of the bay it names, and touches no store", async () => {
  await open();

  const response = await bench.call(PATH, signed(bodyOf(DATA)));

  expect(response.status).toBe(202);
  expect(bench.publisher.published.map(({ topic, orderingKey }) => [topic, orderingKey])).toEqual([
    ["observations", "loft/bay-1"],
  ]);
  expect(bench.publisher.take()).toEqual([
    {
      kind: "booking-seen",
      ws: "loft",
      source: "uschedule",
      resource: "bay-1",
      run: { id: "msg_1", complete: false, absent: 0 },
      seenAt: NOW,
      items: [
        {
          bookingId: "4711",
          evidence: "seen",
          deliveryId: "msg_1",
          around: { kind: "all-day", start: "2027-01-10", end: "2027-01-11" },
        },
      ],
    },
  ]);
  expect(bench.opened).toBe(0);
});

test("the address works without the function's own name in front", async () => {
  await open();

  const response = await bench.call("/loft/uschedule", signed(bodyOf({ Id: "4711", ResourceName: "Bay 2" })));

  expect(response.status).toBe(202);
  expect(bench.publisher.take()).toMatchObject([{ resource: "bay-2", items: [{ bookingId: "4711" }] }]);
});

test("a webhook that names no bay is told as unrouted", async () => {
  await open();

  const response = await bench.call(PATH, signed(bodyOf({ AppointmentID: 4711 })));

  expect(response.status).toBe(202);
  expect(bench.publisher.take()).toMatchObject([{ resource: "unrouted", items: [{ bookingId: "4711" }] }]);
});

test("S39: a local time names the studio's day, whichever that is elsewhere", async () => {
  await open();

  await bench.call(PATH, signed(bodyOf({ ...DATA, StartTime: "07/10/2027 11:00 PM", EndTime: "07/11/2027 12:30 AM" })));

  expect(bench.publisher.take()).toMatchObject([{ items: [{ around: { start: "2027-07-10", end: "2027-07-12" } }] }]);
});

test("the example of the Standard Webhooks fact sheet verifies with our own clock", async () => {
  await open();
  bench.now = "2023-01-19T00:15:00.000Z";
  const headers = {
    "webhook-id": "msg_2KWPBgLlAfxdpXAI54pPJ85f4eW",
    "webhook-timestamp": "1674087231",
    "webhook-signature": "v1,2yw0QRS+vg3VNAudzu3a1iPM4s2yr6FkC9TiGnsaYz8=",
  };
  const body = `{"type":"booking.updated","timestamp":"2023-01-19T00:13:51Z","data":{"id":"b-17"}}`;

  const refused = await problem(await bench.call(PATH, { method: "POST", headers, body }));

  // Past the signature: what is wrong is that the example's data is no appointment.
  expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
  expect(refused.detail).toContain("AppointmentID");
});

const FORGERIES: [string, () => RequestInit][] = [
  ["no signature", () => withHeader(signed(bodyOf(DATA)), "webhook-signature", "")],
  ["a wrong signature", () => withHeader(signed(bodyOf(DATA)), "webhook-signature", `v1,${"A".repeat(43)}=`)],
  ["a signature of another version", () => withHeader(signed(bodyOf(DATA)), "webhook-signature", "v1a,AAAA")],
  [
    "a foreign secret",
    () => signed(bodyOf(DATA), { secret: `whsec_${Buffer.from("x".repeat(32)).toString("base64")}` }),
  ],
  ["a body changed after signing", () => ({ ...signed(bodyOf(DATA)), body: bodyOf({ ...DATA, AppointmentID: 9 }) })],
  ["a time six minutes ago", () => signed(bodyOf(DATA), { at: "2027-01-10T07:54:00.000Z" })],
  ["a time six minutes ahead", () => signed(bodyOf(DATA), { at: "2027-01-10T08:06:00.000Z" })],
  [
    "a fresh time over an old signature",
    () => {
      const old = signed(bodyOf(DATA), { at: "2027-01-10T07:54:00.000Z" });
      return withHeader(old, "webhook-timestamp", String(Date.parse(NOW) / 1000));
    },
  ],
  ["a time that is no number", () => withHeader(signed(bodyOf(DATA)), "webhook-timestamp", "1e9x")],
  ["no id", () => withHeader(signed(bodyOf(DATA)), "webhook-id", "")],
];

for (const [what, delivery] of FORGERIES) {
  test(`S33: a webhook with ${what} is refused without work and counted`, async () => {
    await open();

    const refused = await problem(await bench.call(PATH, delivery()));

    expect(refused).toMatchObject({ status: 401, code: "BAD_SIGNATURE", type: "application/problem+json" });
    expect(bench.publisher.published).toEqual([]);
    expect(bench.lines.map((line) => line.message)).toEqual(["webhook refused"]);
    expect(bench.opened).toBe(0);
  });
}

test("S33: a replayed webhook is answered without work and counted", async () => {
  await open();
  const delivery = signed(bodyOf(DATA));
  await bench.call(PATH, delivery);
  bench.publisher.take();

  const replayed = await bench.call(PATH, delivery);

  expect(replayed.status).toBe(200);
  expect(await replayed.json()).toEqual({ status: "duplicate", deliveryId: "msg_1" });
  expect(bench.publisher.published).toEqual([]);
  expect(bench.lines.map((line) => line.message)).toEqual(["webhook replayed"]);
});

test("a delivery the bus did not take is not taken for a replay when it is sent again", async () => {
  await open();
  bench.publisher.failNext();

  const first = await problem(await bench.call(PATH, signed(bodyOf(DATA))));
  const second = await bench.call(PATH, signed(bodyOf(DATA)));

  expect(first).toMatchObject({ status: 503, code: "BUS_UNAVAILABLE" });
  expect(second.status).toBe(202);
  expect(bench.publisher.published).toHaveLength(1);
});

test("a rotated secret: both are accepted while both are stored", async () => {
  await open();
  const fresh = `whsec_${Buffer.from("y".repeat(32)).toString("base64")}`;
  bench.secrets.set("webhook-loft-uschedule", `${fresh}\n${WEBHOOK_SECRET}\n`);

  const old = await bench.call(PATH, signed(bodyOf(DATA), { id: "msg_old" }));
  const young = await bench.call(PATH, signed(bodyOf(DATA), { id: "msg_new", secret: fresh }));

  expect([old.status, young.status]).toEqual([202, 202]);
});

test("an unknown bay is refused by name, with the known ones and what to do", async () => {
  await open();

  const response = await bench.call(PATH, signed(bodyOf({ ...DATA, ResourceName: "Bay 9" })));
  const { remedy, ...rest } = (await response.json()) as Record<string, string>;

  expect(rest).toMatchObject({ status: 422, code: "UNKNOWN_RESOURCE" });
  expect(rest["detail"]).toContain('"Bay 9"');
  expect(rest["detail"]).toContain('"Bay 1", "Bay 2"');
  expect(remedy).toContain("lockstep.config.yaml");
  expect(bench.publisher.published).toEqual([]);
});

const BAD_DATA: [string, object, string][] = [
  ["an end before its start", { ...DATA, EndTime: "2027-01-10T08:00:00" }, "end"],
  ["no length", { ...DATA, EndTime: DATA.StartTime }, "end"],
  ["a date that does not exist", { ...DATA, StartTime: "2027-02-30T09:00:00" }, "start"],
  ["a year far away", { ...DATA, StartTime: "9999-01-01T09:00:00", EndTime: "9999-01-01T10:00:00" }, "2000 to 2100"],
  ["a year long past", { ...DATA, StartTime: "0001-01-01T00:00:00", EndTime: "0001-01-01T01:00:00" }, "2000 to 2100"],
  [
    "a time twelve years ahead",
    { ...DATA, StartTime: "2039-01-10T09:00:00", EndTime: "2039-01-10T10:00:00" },
    "10 years",
  ],
  ["a length of years", { ...DATA, EndTime: "2031-01-10T10:00:00" }, "more than a year"],
  ["words for a time", { ...DATA, StartTime: "tomorrow" }, "start"],
  ["no id", { ResourceName: "Bay 1" }, "AppointmentID"],
  ["an id that is an object", { ...DATA, AppointmentID: { $gt: "" } }, "AppointmentID"],
  ["an id of 500 characters", { ...DATA, AppointmentID: "1".repeat(500) }, "AppointmentID"],
];

for (const [what, data, named] of BAD_DATA) {
  test(`S41: a webhook with ${what} is refused with its reason and no guest data`, async () => {
    await open();

    const refused = await problem(await bench.call(PATH, signed(bodyOf(data))));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain(named);
    expect(JSON.stringify([refused, bench.lines])).not.toContain("Jane");
    expect(bench.publisher.published).toEqual([]);
  });
}

test("malformed JSON, though signed, is a problem and not a page", async () => {
  await open();

  const refused = await problem(await bench.call(PATH, signed(`{"type": "booking.updated", "Jane`)));

  expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST", type: "application/problem+json" });
  expect(JSON.stringify(refused)).not.toContain("Jane");
});

test("bytes that are no UTF-8 never become a booking", async () => {
  await open();
  const init = signed("");
  const bytes = Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
  const signature = new Webhook(WEBHOOK_SECRET).sign("msg_1", new Date(NOW), bytes.toString());

  const refused = await problem(
    await bench.call(PATH, { ...withHeader(init, "webhook-signature", signature), body: new Uint8Array(bytes) }),
  );

  expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
});

test("a body of 1 MB is refused, with its length told and without", async () => {
  await open();
  const large = bodyOf({ ...DATA, Notes: "x".repeat(1_000_000) });
  const chunks = new Response(large).body;
  if (chunks === null) throw new Error("no stream");

  const told = await problem(await bench.call(PATH, signed(large)));
  const streamed = await problem(
    await bench.call(PATH, { ...signed(large), body: chunks, duplex: "half" } as RequestInit),
  );

  expect(told).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE", type: "application/problem+json" });
  expect(streamed).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
  expect(bench.publisher.published).toEqual([]);
});

test("other addresses, workspaces and sources are not there", async () => {
  await open();

  const answers = await Promise.all(
    ["/", "/loft", "/loft/uschedule/more", "/other/uschedule", "/loft/osm", "/__proto__/uschedule"].map(async (path) =>
      problem(await bench.call(path, signed(bodyOf(DATA)))),
    ),
  );

  expect(new Set(answers.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(["404 NOT_FOUND"]));
});

test("another method is answered with the one that is taken", async () => {
  await open();

  const response = await bench.call(PATH);

  expect(response.headers.get("allow")).toBe("POST");
  expect(await problem(response)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
});

test("a source without an agreed secret is told as such, and nothing is taken", async () => {
  await open();
  bench.secrets.clear();

  const refused = await problem(await bench.call(PATH, signed(bodyOf(DATA))));

  expect(refused).toMatchObject({ status: 500, code: "SECRET_MISSING" });
  expect(refused.detail).not.toContain("webhook-loft-uschedule");
  expect(bench.lines).toMatchObject([
    { severity: "ERROR", fields: { reason: "There is no secret webhook-loft-uschedule." } },
  ]);
  expect(bench.publisher.published).toEqual([]);
});

test("S33: a booking system's webhook tells an id and a version; where the booking is, is found out later", async () => {
  const demo = demoConfig();
  const loft = demo.workspaces["loft"];
  if (loft === undefined) throw new Error("the demo has a loft");
  const sources = { ...loft.sources, town: { provider: "booking-api", settings: {} } };
  bench = await openBench("booking-webhook", { config: { workspaces: { loft: { ...loft, sources } } } });
  bench.now = NOW;
  bench.secrets.set("webhook-loft-town", WEBHOOK_SECRET);
  const body = JSON.stringify({ type: "reservation.changed", timestamp: NOW, data: { id: "2001", version: 4 } });

  const response = await bench.call("/booking-webhook/loft/town", signed(body));

  expect(response.status).toBe(202);
  expect(bench.publisher.take()).toMatchObject([
    {
      resource: "unrouted",
      source: "town",
      items: [{ bookingId: "2001", version: 4, evidence: "seen", deliveryId: "msg_1" }],
    },
  ]);
});
