/** A booking that somebody makes at the booking system: in local time. */
export interface Order {
  readonly ResourceName: string;
  readonly StartTime: string;
  readonly ServiceLength: number;
  readonly CustomerName: string;
}

/** Somebody books at the simulated booking system's own screen; answers the appointment's id. */
export async function bookAt(sandboxUrl: string, order: Order): Promise<string> {
  const answer = await fetch(`${sandboxUrl}/sandbox/uschedule/book`, { method: "POST", body: JSON.stringify(order) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The sandbox took no booking: ${text}`);
  // Proof: so the simulation answers (`scripts/sandbox/uschedule/booking.ts`).
  return String((JSON.parse(text) as { Id: number }).Id);
}
