/** What only Online Scout Manager does wrong. */
export const OSM_FAULTS = {
  "status-false": "OSM: nothing is done; the answer is 200 with `status` false.",
  blocked: "OSM: the account is blocked from now on: 403 with X-Blocked, until the action `unblock`.",
  "invalid-grant": "OSM: the token endpoint answers 400 invalid_grant.",
} as const satisfies Record<string, string>;
