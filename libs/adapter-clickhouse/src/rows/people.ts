import type { FactOf } from '#libs/contracts';
import { base, flag, one, text, time, timeOrNull, type TableRow } from './shared.js';

/** An event. */
export function eventRows(fact: FactOf<'event'>): readonly TableRow[] {
  const { body } = fact;
  return one('events', {
    ...base(fact),
    event_id: fact.id,
    message_id: body.messageId,
    occurred_at: time(body.occurredAtMs),
    received_at: time(body.receivedAtMs),
    account_id: text(body.accountId),
    source: body.source,
    name: body.name,
    properties: JSON.stringify(body.properties),
    value: body.value,
    currency: body.currency,
    historical: flag(body.historical),
  });
}

/** A profile and the traits that changed. */
export function profileRows(fact: FactOf<'profile'>): readonly TableRow[] {
  const { body } = fact;
  const profile: TableRow = {
    table: 'profiles',
    row: {
      ...base(fact),
      profile_id: fact.id,
      merged_into: text(body.mergedInto),
      created_at: time(body.createdAtMs),
      updated_at: time(body.updatedAtMs),
      country: body.country,
      locale: body.locale,
      timezone: body.timezone,
      email_hash: body.emailHash,
      email_domain: body.emailDomain,
      segments: body.segments,
      consents: body.consents,
      rfm: body.rfm,
      aggregates: body.aggregates,
      account_id: text(body.accountId),
      owner: body.owner,
    },
  };
  const history = body.changes.map((change) => ({
    table: 'profile_history',
    row: {
      ...base(fact),
      fact_key: `${fact.id}/${change.trait}@${change.validFromMs}`,
      profile_id: fact.id,
      valid_from: time(change.validFromMs),
      trait: change.trait,
      value: change.value,
      source: change.source,
    },
  }));
  return [profile, ...history];
}

/** An account. */
export function accountRows(fact: FactOf<'account'>): readonly TableRow[] {
  const { body } = fact;
  return one('accounts', {
    version: fact.version,
    sample: flag(body.sample),
    account_id: fact.id,
    name: body.name,
    siren: body.siren,
    owner: body.owner,
    country: body.country,
    people: body.people,
    revenue_365d: body.revenue365d,
    currency: body.currency,
    updated_at: time(body.updatedAtMs),
  });
}

/** A statement of consent. */
export function consentRows(fact: FactOf<'consent'>): readonly TableRow[] {
  const { body } = fact;
  return one('consents', {
    ...base(fact),
    fact_key: fact.id,
    at: time(body.atMs),
    channel: body.channel,
    purpose: body.purpose,
    status: body.status,
    basis: body.basis,
    source: body.source,
    proof: body.proof,
  });
}

/** A suppression. */
export function suppressionRows(fact: FactOf<'suppression'>): readonly TableRow[] {
  const { body } = fact;
  return one('suppressions', {
    ...base(fact),
    fact_key: fact.id,
    channel: body.channel,
    scope: body.scope,
    address_hash: body.addressHash,
    reason: body.reason,
    active: flag(body.active),
    from_at: time(body.fromMs),
    until_at: timeOrNull(body.untilMs),
  });
}

/** A score. */
export function scoreRows(fact: FactOf<'score'>): readonly TableRow[] {
  const { body } = fact;
  return one('scores', {
    ...base(fact),
    fact_key: fact.id,
    at: time(body.atMs),
    name: body.name,
    value: body.value,
    model: body.model,
  });
}
