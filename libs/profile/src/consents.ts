import { effectiveConsent, hasProof, type ConsentStatement } from '#libs/policy';

/** Status of one channel and purpose, as told to people and analysts. */
export type ConsentStatus = 'granted' | 'denied' | 'unknown';

const STATUSES: ReadonlySet<string> = new Set(['granted', 'denied', 'unknown']);
const MESSAGE_CHANNELS = ['email', 'sms'] as const;
const MAX_PROOF_LENGTH = 500;

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Which properties of a `consent_changed` event keep it from being read. */
export function unreadableConsent(properties: Readonly<Record<string, unknown>>): string[] {
  const status = textOf(properties['status']);
  return [
    ...['channel', 'purpose'].filter((name) => textOf(properties[name]) === null),
    ...(status !== null && STATUSES.has(status) ? [] : ['status']),
  ];
}

/** Reads a `consent_changed` event's properties; null where it says nothing that can be kept. */
export function readConsent(
  properties: Readonly<Record<string, unknown>>,
  from: { readonly source: string; readonly atMs: number; readonly isBulk: boolean },
): ConsentStatement | null {
  const channel = textOf(properties['channel']);
  const purpose = textOf(properties['purpose']);
  const status = textOf(properties['status']);
  if (channel === null || purpose === null || status === null || !STATUSES.has(status)) return null;
  return {
    channel: channel,
    purpose,
    status: status as ConsentStatus,
    basis: textOf(properties['basis']),
    source: from.source,
    proof: textOf(properties['proof'])?.slice(0, MAX_PROOF_LENGTH) ?? null,
    atMs: from.atMs,
    ...(from.isBulk ? { bulk: true } : {}),
  };
}

function contentOf(one: ConsentStatement): string {
  return [one.status, one.basis, one.proof, one.bulk === true].join('\u0000');
}

/**
 * The statements that still matter: of each source, channel, purpose and status
 * those of its latest instant.
 * Any order and any repetition of the same statements gives the same list.
 */
export function foldStatements(statements: Iterable<ConsentStatement>): ConsentStatement[] {
  const latest = new Map<string, Map<string, ConsentStatement>>();
  for (const statement of statements) {
    // Not to know is no statement: it takes nothing back.
    if (statement.status === 'unknown') continue;
    const { source, channel, purpose, status } = statement;
    // By status too: a grant on any channel is none, and so takes no refusal back.
    const key = [source, channel, purpose, status].join('\u0000');
    const known = latest.get(key);
    const knownMs = known?.values().next().value?.atMs ?? -Infinity;
    if (known === undefined || statement.atMs > knownMs) {
      latest.set(key, new Map([[contentOf(statement), statement]]));
    } else if (statement.atMs === knownMs) {
      known.set(contentOf(statement), statement);
    }
  }
  return [...latest.keys()].sort().flatMap((key) => {
    const known = latest.get(key) ?? new Map<string, ConsentStatement>();
    return [...known.keys()].sort().flatMap((content) => known.get(content) ?? []);
  });
}

/** When a purpose on a channel was last agreed to, with proof. */
export interface ProvenGrant {
  readonly channel: string;
  readonly purpose: string;
  readonly atMs: number;
}

/**
 * The latest grants that may take back a refusal, one for each channel and purpose: with a ground
 * and a proof of their own, of no bulk sync, and not dated later than now. Does not depend on the
 * order of the statements.
 */
export function provenGrants(
  statements: readonly ConsentStatement[],
  nowMs: number,
): readonly ProvenGrant[] {
  const latest = new Map<string, ProvenGrant>();
  for (const one of statements) {
    const { channel, purpose, status, basis, atMs, bulk } = one;
    if (status !== 'granted' || basis === null || !hasProof(one)) continue;
    if (bulk === true || !(atMs <= nowMs)) continue;
    const key = `${channel}\u0000${purpose}`;
    const known = latest.get(key);
    if (known === undefined || known.atMs < atMs) latest.set(key, { channel, purpose, atMs });
  }
  return [...latest.keys()].sort().flatMap((key) => latest.get(key) ?? []);
}

/** The effective status by `channel:purpose`; a statement on any channel counts for e-mail and SMS. */
export function consentStatuses(
  statements: readonly ConsentStatement[],
): Readonly<Record<string, ConsentStatus>> {
  const statuses: Record<string, ConsentStatus> = {};
  const pairs = statements.flatMap(({ channel, purpose, status }) => {
    if (status === 'unknown') return [];
    const channels = channel === 'any' ? MESSAGE_CHANNELS : [channel];
    return channels.map((one) => ({ channel: one, purpose }));
  });
  for (const { channel, purpose } of pairs) {
    const key = `${channel}:${purpose}`;
    statuses[key] ??= effectiveConsent(statements, { channel, purpose }).status;
  }
  return Object.fromEntries(Object.entries(statuses).sort(([a], [b]) => (a < b ? -1 : 1)));
}
