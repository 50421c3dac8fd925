/** What only Gmail does wrong. */
export const GMAIL_FAULTS = {
  "invalid-grant": "Gmail: the token endpoint answers 400 invalid_grant, though nobody revoked anything (S46).",
  "history-gone": "Gmail: 404 on history.list, as for a start that is too old (S35).",
  "wrong-label": "Gmail: history tells of changes of other labels too, whatever labelId asked (S35).",
} as const satisfies Record<string, string>;
