/** One case: everything the engine could know about one send, as plain data. Imports nothing. */
export interface World {
  readonly atMs: number;
  readonly channel: string;
  readonly purposeId: string;
  readonly actionId: string | null;
  readonly purposes: readonly Purpose[];
  readonly caps: readonly Cap[] | null;
  readonly quietHours: readonly QuietRule[];
  readonly holds: readonly Hold[] | null;
  readonly suppress: Suppress;
  readonly profileZone: string | null;
  readonly workspaceZone: string;
  readonly profileCountry: string | null;
  readonly workspaceCountry: string | null;
  readonly group: string | null;
  readonly enrolmentEnded: boolean;
  readonly address: 'valid' | 'invalid' | 'none';
  readonly hasSender: boolean;
  readonly failures: readonly Failure[];
  readonly suppressions: readonly SuppressionRow[] | null;
  readonly consents: readonly ConsentRow[] | null;
  readonly hasPurchased: boolean;
  readonly professional: boolean;
  readonly b2bRelevant: boolean;
  readonly sector: string | null;
  readonly reservations: readonly ReservationRow[] | null;
  readonly ownCommandIds: readonly string[];
  readonly firstPutOffAtMs: number | null;
}

export interface Purpose {
  readonly id: string;
  readonly basis: readonly string[];
  readonly ignores: readonly string[];
  readonly obeys: readonly string[];
}
export interface Cap {
  readonly channel: string;
  readonly purpose: string;
  readonly per: string;
  readonly max: number;
}
export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export interface Hours {
  readonly days?: readonly Day[];
  readonly from: string;
  readonly to: string;
  readonly holidays?: 'never' | 'allowed';
}
export interface QuietRule {
  readonly channel: string;
  readonly allow: readonly Hours[];
  readonly zone: string;
  readonly otherwise: 'wait' | 'withhold';
}
export interface Hold {
  readonly id: string;
  readonly purpose: string;
  readonly lasts: string;
  readonly holds: boolean | null;
  readonly ceasedAtMs: number | null;
}
export interface Suppress {
  readonly hard_bounces: number;
  readonly soft_bounces: { readonly count: number; readonly per: string };
  readonly complaints: number;
}
export interface Failure {
  readonly kind: 'hard_bounce' | 'soft_bounce' | 'complaint';
  readonly atMs: number;
}
export interface SuppressionRow {
  readonly kind: 'address' | 'profile' | 'action';
  readonly key: string;
  readonly reason: string;
  readonly channel: string | null;
  readonly purpose: string | null;
  readonly sinceMs: number;
  readonly untilMs: number | null;
}
export interface ConsentRow {
  readonly channel: string;
  readonly purpose: string;
  readonly status: 'granted' | 'denied' | 'unknown';
  readonly basis: string | null;
  readonly source: string;
  readonly proof: string | null;
  readonly atMs: number;
  readonly bulk: boolean;
}
export interface ReservationRow {
  readonly commandId: string;
  readonly channel: string;
  readonly purpose: string;
  readonly day: number;
  readonly state: 'reserved' | 'consumed' | 'released';
  readonly expiresAtMs: number;
}

/** What either side answers, in the engine's closed words. */
export interface Answer {
  readonly kind: 'allow' | 'putOff' | 'withhold';
  readonly untilMs?: number;
  readonly stage?: string;
  readonly reason?: string;
}
