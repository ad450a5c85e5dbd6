import { DYNAMIC_SCOPE, type ObjectType, type ScopeType, type ScopeTypes } from '#libs/expression';
import type { AggregateConfig, EventConfig, ProfileConfig } from '#libs/contracts';
import { STANDARD_EVENTS } from './standard-events.js';

/** What expressions of a workspace may name, and of which types. */
export interface WorkspaceScope {
  readonly profile: ScopeType;
  /** Properties by event name, for the events that are known. */
  readonly events: ReadonlyMap<string, ObjectType>;
}

/** Types from `profile.yaml` and the events' files. */
export function workspaceScope(
  profile: ProfileConfig | undefined,
  events: readonly EventConfig[],
): WorkspaceScope {
  const known = new Map<string, ObjectType>(Object.entries(STANDARD_EVENTS));
  for (const event of events) known.set(event.event, eventType(event));
  return { profile: profile === undefined ? 'dyn' : profileType(profile), events: known };
}

/** Scope of an expression about a profile alone. */
export function profileScope({ profile }: WorkspaceScope): ScopeTypes {
  return { profile, account: 'dyn', now: 'timestamp', context: 'dyn' };
}

/** Scope of an action: any scenario may lead to it, so entry and event are not known. */
export function actionScope({ profile }: WorkspaceScope): ScopeTypes {
  return { ...DYNAMIC_SCOPE, profile };
}

/** What a scenario's expressions may name. */
export interface ScenarioNames {
  readonly entryEvents: readonly string[];
  /** People enter by date or by schedule: there is nothing under `entry`. */
  readonly isTimed?: boolean;
  /** Ids of its decisions. */
  readonly decisions: readonly string[];
  /** Decisions that were surely made where the expression stands. */
  readonly made: readonly string[];
}

/**
 * Scope of a scenario's expressions; `event` is the event at hand, null where there may be none.
 */
export function scenarioScope(
  scope: WorkspaceScope,
  names: ScenarioNames,
  event: string | null,
): ScopeTypes {
  const entry =
    names.entryEvents.length === 1 ? scope.events.get(names.entryEvents[0] ?? '') : null;
  const decisions = names.decisions.map((id): [string, ObjectType] => [id, DECISION]);
  return {
    ...DYNAMIC_SCOPE,
    profile: scope.profile,
    event: (event === null ? undefined : scope.events.get(event)) ?? 'dyn',
    entry: names.isTimed === true ? NOTHING : (entry ?? 'dyn'),
    decision: {
      fields: Object.fromEntries(decisions),
      optional: names.decisions.filter((id) => !names.made.includes(id)),
    },
  };
}

const NOTHING: ObjectType = { fields: {} };

const DECISION: ObjectType = {
  fields: { decisionId: 'string', action: 'string', treatment: 'dyn' },
  open: true,
};

function eventType(event: EventConfig): ObjectType {
  const fields: Record<string, ScopeType> = {};
  const optional: string[] = [];
  for (const [name, property] of Object.entries(event.properties)) {
    fields[name] = property.type;
    if (!property.required) optional.push(name);
  }
  return { fields, optional, open: event.open, owner: event.event };
}

const TRAIT_TYPES: Readonly<Record<ProfileConfig['traits'][string]['type'], ScopeType>> = {
  string: 'string',
  email: 'string',
  phone: 'string',
  timezone: 'string',
  date: 'string',
  number: 'double',
  boolean: 'bool',
  list: 'list',
  group: 'dyn',
};

/**
 * Traits and aggregates are known by name, so a mistyped one is an error. None counts as optional:
 * whoever lacks a trait simply does not meet the condition, which is what an author means.
 */
function profileType(profile: ProfileConfig): ObjectType {
  const fields: Record<string, ScopeType> = {};
  for (const [name, trait] of Object.entries(profile.traits))
    fields[name] = TRAIT_TYPES[trait.type];
  const aggregates: Record<string, ScopeType> = {};
  for (const [name, aggregate] of Object.entries(profile.aggregates)) {
    aggregates[name] = aggregateType(aggregate);
  }
  return {
    fields: {
      ...fields,
      aggregates: { fields: aggregates },
      segments: 'list',
      consents: 'dyn',
      channels: 'dyn',
      rfm: 'dyn',
    },
  };
}

function aggregateType(aggregate: AggregateConfig): ScopeType {
  if ('count' in aggregate) return 'int';
  if ('first' in aggregate) return aggregate.first.includes('.') ? 'dyn' : 'timestamp';
  if ('last' in aggregate) return aggregate.last.includes('.') ? 'dyn' : 'timestamp';
  return 'double';
}
