/** How far an id may join people. */
export type Mergeable =
  /** Joins two known profiles by itself. */
  | 'always'
  /** Joins only where the source vouches for the value: confirmed, or from a trusted source. */
  | 'verified'
  /** Never joins; it finds a profile and is remembered. */
  | 'never';

/** A namespace of ids, in the order of priority in `ProfileRules.identities`. */
export interface IdentityRule {
  readonly ns: string;
  /** At most one value a profile: two values mean two people. */
  readonly unique: boolean;
  /** Values a profile may have, within `windowMs` where given. */
  readonly limit?: number;
  readonly windowMs?: number;
  readonly mergeable: Mergeable;
  readonly normalise: 'text' | 'email' | 'phone';
  /** Sources that may give this id; absent: all. */
  readonly from?: readonly string[];
}

/** What a source is: `offline`, `crm` and `engine` are trusted to vouch for ids. */
export interface SourceRule {
  readonly kind: 'offline' | 'crm' | 'online' | 'engine';
}

/** Types of a trait's value. */
export type TraitType =
  'string' | 'email' | 'phone' | 'timezone' | 'date' | 'number' | 'boolean' | 'list' | 'group';

/** Who is master of a trait. */
export interface TraitRule {
  readonly type: TraitType;
  /** Kept out of analytics in clear. */
  readonly isPersonal: boolean;
  /** Source ids, the strongest first; sources that are not listed come after all of them. */
  readonly master: readonly string[];
  readonly strategy: 'source_rank' | 'recency';
  /** A verified value beats any that is not. */
  readonly verifiedFirst: boolean;
  /** Of a group: wins or loses as a whole. */
  readonly fields?: readonly string[];
  /** Of a number: inclusive bounds; outside, the value is refused. */
  readonly range?: readonly [number, number];
}

/** What a `where` predicate sees of an event. */
export interface EventView {
  readonly name: string;
  readonly source: string;
  readonly atMs: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A condition on an event; `text` names it for ever, since buckets are kept under it. */
export interface EventPredicate {
  readonly text: string;
  holds(event: EventView): boolean;
}

/** How an aggregate folds its events. `first` and `last` without a property give a time. */
export type AggregateOperation = 'count' | 'sum' | 'first' | 'last' | 'min' | 'max';

/** A number kept about a profile from its events. */
export interface AggregateRule {
  readonly name: string;
  readonly operation: AggregateOperation;
  /** Folded name of the event. */
  readonly event: string;
  readonly property?: string;
  readonly where?: EventPredicate;
  /** Today and the days before it, this many in all, in the workspace's zone; absent: for ever. */
  readonly windowDays?: number;
}

/** Recency, frequency and monetary value, over one event. */
export interface RfmRule {
  readonly event: string;
  readonly property: string;
  readonly windowDays: number;
}

/** How people are tied to accounts. */
export interface AccountRules {
  /** Namespace of the account's main id. */
  readonly key: string;
  /** Other namespaces that name an account. */
  readonly also: readonly string[];
  /** The source whose word on the owner counts; empty: any. */
  readonly ownerFrom: string;
}

/** `profile.yaml`, compiled. */
export interface ProfileRules {
  readonly identities: readonly IdentityRule[];
  readonly sources: Readonly<Record<string, SourceRule>>;
  readonly traits: Readonly<Record<string, TraitRule>>;
  readonly aggregates: readonly AggregateRule[];
  readonly rfm?: RfmRule;
  readonly accounts: AccountRules;
  /** Sums are in this currency; amounts in another are kept apart. */
  readonly currency: string;
}

/** Hard caps, whatever the workspace says: a runaway id must not swallow a customer base. */
export const CAPS = {
  mergesPerProfile: 100,
  identitiesPerProfile: 1_000,
  nodesPerProfile: 250,
  undeclaredTraits: 100,
  traitBytes: 4_096,
  segments: 500,
} as const;

/** Whether a source may vouch for ids by itself. An unknown source is not trusted. */
export function isTrusted(rules: ProfileRules, source: string): boolean {
  const kind = rules.sources[source]?.kind;
  return kind === 'offline' || kind === 'crm' || kind === 'engine';
}
