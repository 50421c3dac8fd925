/**
 * 0 unset (an unpaid checkout), 1 active, 2 inactive, 9 cancelled, 10 rescheduled, 11 tentative
 * (API_FACTS §7).
 */
export type StatusId = 0 | 1 | 2 | 9 | 10 | 11;

export const STATUS_IDS: readonly number[] = [0, 1, 2, 9, 10, 11];

/** Times are local to the studio, without a zone: `2027-01-10T09:00:00`. */
export interface AppointmentRow {
  readonly AppointmentID: number;
  readonly ResourceUnitID: number;
  readonly LocationID: number;
  readonly ServiceID: number;
  readonly StartTime: string;
  readonly EndTime: string;
  readonly StatusID: StatusId;
  readonly CustomerID: number | null;
  readonly CustomerName: string;
  readonly Description: string;
  readonly PaymentType: string;
  /** An unpaid checkout holds its slot until then; epoch milliseconds. */
  readonly heldUntilMs?: number;
}

/** Locations, services, employees, resources, resource units and customers; the group tells which. */
export interface CatalogueRow {
  readonly Id: number;
  readonly Name: string;
  readonly [field: string]: string | number;
}

export interface LoginRow {
  readonly userName: string;
  readonly issuedMs: number;
}
