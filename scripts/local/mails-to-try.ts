import type { Try, TryParts } from "./try.ts";

/** What a person would do in a browser, in one line: make a connection, allow it, read the mail; none without a mailbox provider. */
export function mailsToTry({ gatewayUrl, world }: TryParts): Try[] {
  const ws = Object.entries(world.config.workspaces).find(([, { mailbox }]) => mailbox !== undefined)?.[0];
  if (ws === undefined) return [];
  const api = `${gatewayUrl}/api/connections`;
  const words = JSON.stringify({ platform: "airbnb", reservation_label: "Reservations" });
  return [
    {
      says: "Connect the host's Gmail label and read it: guests get their names, on the calendars too",
      command: [
        `ID=$(curl -s '${api}?ws=${ws}' -d '${words}' | sed 's/.*"id":"//; s/".*//')`,
        `curl -sL -c /tmp/jar -b /tmp/jar "${api}/$ID/gmail/start?ws=${ws}"`,
        `curl -s -X POST "${api}/$ID/sync?ws=${ws}"`,
      ].join("; "),
    },
  ];
}
