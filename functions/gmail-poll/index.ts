import { defineSubscriber } from "../../shared/cloud/subscriber.ts";
import { touchMailbox } from "../../shared/flows/mail/touch-mailbox.ts";
import { MailboxTouched } from "../../shared/topics/mailbox-touched.ts";

/** Reads what is new under a connection's label: kept first, then read, matched and settled. */
defineSubscriber({ name: "gmail-poll", schema: MailboxTouched, handle: touchMailbox });
