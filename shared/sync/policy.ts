/** How a resource wants differences, cancellations and absences treated. Defaults stand in the configuration. */
export interface Policy {
  readonly merge: "source-wins" | "last-write-wins" | "ask";
  readonly cancellation: "delete" | "mark";
  readonly calendarDeletion: "cancel" | "restore" | "ask";
  readonly overlappingMove: "rebook" | "ask";
  readonly absentListings: number;
  readonly absentSecondsApart: number;
  readonly checkoutGraceMinutes: number;
  readonly imminentMinutes: number;
  readonly breakerCount: number;
  readonly breakerPercent: number;
}
