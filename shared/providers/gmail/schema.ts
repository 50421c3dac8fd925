import { z } from "zod";

/** What `lockstep.config.yaml` says about the mailboxes of one workspace. */
export const Settings = z.strictObject({
  /** Of the OAuth client (type: web application). A stand-in takes any. */
  clientId: z.string().min(1).default("lockstep"),
  /** Name of the secret with the client's secret, never the secret itself. */
  clientSecret: z.string().min(1).meta({ secret: true }).exactOptional(),
  /** Where Gmail tells of new mail: `projects/P/topics/mailbox-touched`, in the OAuth client's project. Left out: polling alone. */
  topic: z
    .string()
    .regex(/^projects\/[\w.:-]+\/topics\/[\w.~+%-]+$/, "has the form projects/P/topics/T")
    .exactOptional(),
  /** What Google allows a minute and user: 6,000 for projects made since May 2026, 15,000 for older ones. */
  unitsPerMinute: z.number().int().min(200).max(100_000).default(6_000),
});
export type Settings = z.output<typeof Settings>;

export const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(3_600),
  /** Refreshing usually leaves it out: then the old one lives on (API_FACTS §2). */
  refresh_token: z.string().min(1).exactOptional(),
});
export type Token = z.infer<typeof Token>;

/** Of a refused sign-in only the code is read. */
export const TokenFailure = z.object({ error: z.string().regex(/^[\w.-]{1,80}$/) });

/** Of a refused call only the reason is read: messages may quote what was sent. */
export const GmailFailure = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string().exactOptional() })).optional() }),
});

const Named = z.object({ id: z.string().min(1) });

export const Labels = z.object({
  labels: z.array(z.object({ id: z.string().min(1), name: z.string() })).default([]),
});

export const Profile = z.object({ emailAddress: z.string().min(1), historyId: z.coerce.string().regex(/^\d+$/) });

export const MessageList = z.object({
  messages: z.array(Named).default([]),
  nextPageToken: z.string().min(1).exactOptional(),
});

/** Where nothing changed `history` is left out. */
export const HistoryList = z.object({
  history: z
    .array(
      z.object({
        messagesAdded: z
          .array(z.object({ message: Named.extend({ labelIds: z.array(z.string()).optional() }) }))
          .optional(),
        labelsAdded: z.array(z.object({ message: Named, labelIds: z.array(z.string()).default([]) })).optional(),
      }),
    )
    .default([]),
  historyId: z.coerce.string().regex(/^\d+$/),
  nextPageToken: z.string().min(1).exactOptional(),
});
export type HistoryList = z.infer<typeof HistoryList>;

export const RawMessage = z.object({
  id: z.string().min(1),
  threadId: z.string().default(""),
  labelIds: z.array(z.string()).default([]),
  /** Epoch milliseconds, as text. */
  internalDate: z.coerce.number().int().positive(),
  raw: z.string(),
});
export type RawMessage = z.infer<typeof RawMessage>;

/** `expiration` is milliseconds since 1970, as text. */
export const Watching = z.object({ expiration: z.coerce.number().int().positive() });
