import { durationMs, parseDuration, present } from '#libs/kernel';
import type { AggregateConfig, ProfileConfig } from '#libs/contracts';
import type {
  AggregateOperation,
  AggregateRule,
  EventPredicate,
  IdentityRule,
  ProfileRules,
  TraitRule,
} from '#libs/profile';
import type { Evaluate } from '../expression/evaluate.js';

const DAY_MS = 86_400_000;
const OPERATIONS = ['count', 'sum', 'first', 'last', 'min', 'max'] as const;

function msOfText(text: string): number {
  const duration = parseDuration(text);
  return duration.ok ? durationMs(duration.value) : 0;
}

function identityRule(given: ProfileConfig['identities'][number]): IdentityRule {
  const { ns, unique, limit, window, mergeable = 'always', normalise, from } = given;
  return {
    ns,
    unique,
    mergeable,
    normalise,
    ...(limit === undefined ? {} : { limit }),
    ...(window === undefined ? {} : { windowMs: msOfText(window) }),
    ...(from === undefined ? {} : { from }),
  };
}

function traitRule(given: ProfileConfig['traits'][string]): TraitRule {
  const { type, personal, master, strategy, fields, range } = given;
  return {
    type,
    isPersonal: personal,
    master,
    strategy,
    verifiedFirst: given.verified_first,
    ...(fields === undefined ? {} : { fields }),
    ...(range === undefined ? {} : { range }),
  };
}

/** A condition on events; one that cannot be evaluated does not hold. */
function predicate(text: string, evaluate: Evaluate): EventPredicate {
  return {
    text,
    holds: ({ name, source, atMs, properties }) => {
      const event = { ...properties, name, source, at: atMs } as never;
      const answer = evaluate(text, { now: atMs, event });
      return answer.ok && answer.value === true;
    },
  };
}

function aggregateRule(name: string, given: AggregateConfig, evaluate: Evaluate): AggregateRule {
  const operation = present<AggregateOperation>(
    OPERATIONS.find((one) => one in given),
    'operation of an aggregate',
  );
  const target = (given as Readonly<Record<string, unknown>>)[operation] as string;
  const [event = '', property] = target.split('.');
  const { where, window } = given;
  return {
    name,
    operation,
    event,
    ...(property === undefined ? {} : { property }),
    ...(where === undefined ? {} : { where: predicate(where, evaluate) }),
    ...(window === undefined ? {} : { windowDays: msOfText(window) / DAY_MS }),
  };
}

/** Compiles `profile.yaml`. `evaluate` answers the conditions of aggregates. */
export function profileRules(
  config: ProfileConfig,
  given: { readonly currency: string; readonly evaluate: Evaluate },
): ProfileRules {
  const { rfm, accounts } = config;
  return {
    identities: config.identities.map(identityRule),
    sources: { ...config.sources, relance: config.sources['relance'] ?? { kind: 'engine' } },
    traits: Object.fromEntries(
      Object.entries(config.traits).map(([name, trait]) => [name, traitRule(trait)]),
    ),
    aggregates: Object.entries(config.aggregates).map(([name, aggregate]) =>
      aggregateRule(name, aggregate, given.evaluate),
    ),
    ...(rfm === undefined
      ? {}
      : {
          rfm: {
            event: rfm.on,
            property: rfm.value,
            windowDays: msOfText(rfm.window) / DAY_MS,
          },
        }),
    accounts: {
      key: accounts.key,
      also: accounts.also,
      ownerFrom: accounts.owner_from ?? '',
    },
    currency: given.currency,
  };
}
