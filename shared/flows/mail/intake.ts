import type { MailboxReader } from "../../ports/mailbox.ts";
import type { ConnectionDoc } from "./connection.ts";
import type { Office } from "./weigh.ts";

/** What the run that brings mails in needs beside the office. */
export interface Intake extends Office {
  readonly mailbox: MailboxReader;
  /** Connections whose label no mail of this one may carry, by the label's id: those of the same mailbox. */
  readonly others: ReadonlyMap<string, ConnectionDoc>;
  /** Its own. */
  readonly labelId: string;
}
