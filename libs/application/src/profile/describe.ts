import {
  canonicalJson,
  fromUnits,
  hashUuid,
  ownMember,
  type EpochMs,
  type Json,
} from '#libs/kernel';
import {
  SEGMENT_ENTERED,
  SEGMENT_LEFT,
  utcDayOf,
  type AccountFact,
  type ConsentFact,
  type EventFact,
  type ProfileChange,
  type ProfileFact,
  type RawEvent,
  type TraitChange,
} from '#libs/contracts';
import {
  amountOf,
  contactPointsOf,
  currencyOf,
  type ProfileDocument,
  type ProfileRules,
} from '#libs/profile';
import type { ConsentStatement } from '#libs/policy';
import type { EventRow, ProfileRow, StoredAccount } from './ports.js';
import type { Pseudonyms } from './settings.js';

const VALUE_PROPERTIES = ['value', 'total', 'revenue', 'amount'] as const;
const SHORT_VALUE = 512;

/** Who a record is about, as its transaction leaves them. */
export interface About {
  readonly profileId: string;
  readonly version: number;
  readonly accountId: string | null;
  readonly changed: readonly string[];
}

function valueOf(event: RawEvent, currency: string) {
  for (const name of VALUE_PROPERTIES) {
    const units = amountOf(event.properties[name]);
    if (units === null) continue;
    return { value: fromUnits(units), currency: currencyOf(event.properties, currency) };
  }
  return { value: null, currency: '' };
}

/** The fact of an event. */
export function eventFact(
  row: EventRow,
  about: Pick<About, 'profileId' | 'accountId'>,
  at: { readonly nowMs: EpochMs; readonly currency: string },
): EventFact {
  const { event } = row;
  return {
    id: row.eventKey,
    kind: 'event',
    version: 1,
    atMs: at.nowMs,
    profileId: about.profileId,
    body: {
      messageId: event.messageId,
      occurredAtMs: event.atMs,
      receivedAtMs: event.receivedAtMs,
      accountId: about.accountId,
      source: event.source,
      name: event.name,
      properties: event.properties,
      ...valueOf(event, at.currency),
      historical: row.isHistorical,
      sample: event.sample === true,
    },
  };
}

// History wakes nothing: its long lists would travel twice more for nobody.
function shortProperties(properties: RawEvent['properties']): RawEvent['properties'] {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => {
      if (typeof value === 'string') return value.length <= SHORT_VALUE;
      return typeof value !== 'object' || value === null;
    }),
  );
}

/** The change record of an event. */
export function eventChange(row: EventRow, about: About): ProfileChange {
  const { event, isHistorical } = row;
  return {
    profileId: about.profileId,
    version: about.version,
    eventKey: row.eventKey,
    messageId: event.messageId,
    name: event.name,
    properties: isHistorical ? shortProperties(event.properties) : event.properties,
    atMs: event.atMs,
    receivedAtMs: event.receivedAtMs,
    historical: isHistorical,
    changed: [...about.changed],
    source: event.source,
    ...(event.sample === true ? { sample: true } : {}),
  };
}

/** The change record of something that is no event: time, a merge, a new rule. */
export function plainChange(
  about: About,
  why: {
    readonly nowMs: EpochMs;
    readonly isHistorical: boolean;
    readonly isSample: boolean;
    readonly mergedFrom?: string;
  },
): ProfileChange {
  return {
    profileId: about.profileId,
    version: about.version,
    eventKey: null,
    messageId: null,
    name: null,
    properties: {},
    atMs: why.nowMs,
    receivedAtMs: why.nowMs,
    historical: why.isHistorical,
    changed: [...about.changed],
    source: 'relance',
    ...(why.mergedFrom === undefined ? {} : { mergedFrom: why.mergedFrom }),
    ...(why.isSample ? { sample: true } : {}),
  };
}

/** The event that tells of a segment entered or left; the same for a repeat of its transaction. */
export function segmentEvent(
  move: { readonly segment: string; readonly isMember: boolean },
  about: Pick<About, 'profileId' | 'version'>,
  why: { readonly nowMs: EpochMs; readonly isHistorical: boolean; readonly isSample: boolean },
): EventRow {
  const { profileId, version } = about;
  const eventKey = hashUuid('segment', move.segment, profileId, String(version));
  const { nowMs, isHistorical, isSample } = why;
  return {
    eventKey,
    bodyHash: '',
    nodeId: profileId,
    isHistorical,
    event: {
      messageId: `segment:${eventKey}`,
      type: 'engine',
      name: move.isMember ? SEGMENT_ENTERED : SEGMENT_LEFT,
      source: 'relance',
      ids: {},
      properties: { segment: move.segment },
      atMs: nowMs,
      originalAtMs: nowMs,
      receivedAtMs: nowMs,
      hasTimestamp: true,
      eventDay: utcDayOf(nowMs),
      historical: isHistorical,
      profileId,
      ...(isSample ? { sample: true } : {}),
    },
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function traitText(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

/**
 * The traits that changed, for the history; what is personal is hashed. A value holds from the last
 * word of any source on its trait: a master may come late with what it saw long before others spoke,
 * and the history must not end in a value that it overruled.
 */
export function traitChanges(
  before: ProfileDocument,
  after: ProfileDocument,
  tools: {
    readonly rules: ProfileRules;
    readonly pseudonyms: Pseudonyms;
    readonly validFromMs: (trait: string) => EpochMs;
  },
): TraitChange[] {
  const names = new Set([...Object.keys(before.traits), ...Object.keys(after.traits)]);
  const changes: TraitChange[] = [];
  for (const trait of [...names].sort()) {
    const value = ownMember(after.traits, trait);
    if (canonicalJson(ownMember(before.traits, trait)) === canonicalJson(value)) continue;
    const provenance = ownMember(after.provenance, trait);
    // Undeclared traits may hold anything: they are hashed as personal ones are.
    const isPersonal = ownMember(tools.rules.traits, trait)?.isPersonal ?? true;
    const text = value === undefined ? null : traitText(value);
    changes.push({
      trait,
      value: text !== null && isPersonal ? tools.pseudonyms.hash(trait, text) : text,
      source: provenance?.source ?? '',
      validFromMs: tools.validFromMs(trait),
    });
  }
  return changes;
}

/** The fact of a profile's state. */
export function profileFact(
  row: ProfileRow,
  at: {
    readonly nowMs: EpochMs;
    readonly mergedInto: string | null;
    readonly owner: string;
    readonly changes: TraitChange[];
    readonly rules: ProfileRules;
    readonly pseudonyms: Pseudonyms;
  },
): ProfileFact {
  const { document } = row;
  const { traits, aggregates } = document;
  const email = contactPointsOf(traits, at.rules).find((one) => one.channel === 'email')?.address;
  return {
    id: row.profileId,
    kind: 'profile',
    version: row.version,
    atMs: at.nowMs,
    profileId: row.profileId,
    body: {
      mergedInto: at.mergedInto,
      createdAtMs: row.firstSeenMs,
      updatedAtMs: row.updatedAtMs,
      country: textOf(traits['country']),
      locale: textOf(traits['locale'] ?? traits['language']),
      timezone: textOf(traits['timezone']),
      emailHash: email === undefined ? '' : at.pseudonyms.hash('email', email),
      emailDomain: email?.split('@')[1] ?? '',
      segments: [...document.segments],
      consents: { ...document.consents },
      rfm: row.rfm,
      aggregates: { ...aggregates },
      accountId: row.accountId,
      owner: at.owner,
      changes: at.changes,
      sample: row.isSample,
    },
  };
}

/** The fact of a statement of consent. */
export function consentFact(
  statement: ConsentStatement & { readonly eventKey: string },
  about: { readonly profileId: string; readonly nowMs: EpochMs; readonly isSample: boolean },
): ConsentFact {
  const { channel, purpose, status, basis, source, proof, atMs, eventKey } = statement;
  return {
    id: `${eventKey}/${purpose}`,
    kind: 'consent',
    version: 1,
    atMs: about.nowMs,
    profileId: about.profileId,
    body: {
      channel,
      purpose,
      status,
      basis: basis ?? '',
      source,
      // Where the proof is kept: with the event in the ledger.
      proof: proof === null ? '' : `consent:${eventKey}`,
      atMs,
      sample: about.isSample,
    },
  };
}

/** The fact of an account's state. */
export function accountFact(
  account: StoredAccount,
  at: {
    readonly nowMs: EpochMs;
    readonly people: number;
    readonly amount: string;
    readonly currency: string;
  },
): AccountFact {
  const trait = (name: string): string => String(account.traits[name]?.value ?? '');
  return {
    id: account.accountId,
    kind: 'account',
    version: account.version,
    atMs: at.nowMs,
    profileId: null,
    body: {
      name: trait('name'),
      siren: trait('siren'),
      owner: trait('owner').toLowerCase(),
      country: trait('country'),
      people: at.people,
      revenue365d: at.amount,
      currency: at.currency,
      updatedAtMs: account.updatedAtMs,
      sample: account.isSample,
    },
  };
}
