/** A way to reach a person: `email`, `sms`, `call`, `task`; `any` in a rule means every one. */
export type Channel = string;

/** The legal grounds a contact may rest on; a closed list. */
export const BASES = ['opt_in', 'soft_opt_in', 'legitimate_interest_b2b', 'contract'] as const;

/** One of the legal grounds a contact may rest on. */
export type Basis = (typeof BASES)[number];

/** The checks a purpose may leave out. Address, suppression and consent can never be left out. */
export const IGNORABLE_CHECKS = ['holdout', 'holds', 'caps', 'quiet_hours'] as const;

/** One purpose of policies.yaml, with its id. `obeys` wins over `ignores`. */
export interface PurposeRule {
  readonly id: string;
  /** Grounds on which this purpose may be sent; with `contract` no consent is asked for. */
  readonly basis: readonly string[];
  readonly ignores?: readonly string[] | undefined;
  readonly obeys?: readonly string[] | undefined;
}

/** One line of `caps`: at most `max` contacts in a window of local days, written `1d` or `2w`. */
export interface CapRule {
  readonly channel: Channel;
  readonly purpose: string;
  readonly per: string;
  readonly max: number;
}

/** A day of the week as files write it. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Monday first; index + 1 is the ISO weekday. */
export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * When a channel may be used, by the local clock: `from` included, `to` excluded, `HH:MM`, `24:00`
 * allowed as `to`. A `to` below `from` runs over midnight; days and holidays are then judged on the
 * date of the instant itself, so that no Sunday is ever reached by a Saturday window.
 */
export interface AllowedHours {
  readonly days?: readonly Weekday[] | undefined;
  readonly from: string;
  readonly to: string;
  /** `never` skips the public holidays of the country. */
  readonly holidays?: 'never' | 'allowed' | undefined;
}

/** One line of `quiet_hours`. Several windows in `allow` add up; several lines must all be open. */
export interface QuietHoursRule {
  readonly channel: Channel;
  readonly allow: AllowedHours | readonly AllowedHours[];
  /** `profile`, `workspace`, or an IANA zone. */
  readonly zone: string;
  /** Default `wait`. */
  readonly otherwise?: 'wait' | 'withhold' | undefined;
}

/** One line of `holds`: while its CEL condition holds, and `lasts` after, nothing goes. */
export interface HoldRule {
  readonly id: string;
  readonly when: string;
  readonly purpose: string;
  readonly lasts?: string | undefined;
}

/** The `suppress` block: how many failures suppress an address. */
export interface SuppressRule {
  readonly hard_bounces?: number | undefined;
  readonly soft_bounces?: { readonly count: number; readonly per: string } | undefined;
  readonly complaints?: number | undefined;
}
