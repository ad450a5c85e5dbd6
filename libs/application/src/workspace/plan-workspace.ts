import { canonicalJson } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import type { CompiledWorkspace } from './compiled.js';

/** A part of a workspace that changes are told about. */
export type PlannedKind =
  | 'relance'
  | 'profile'
  | 'policies'
  | 'segment'
  | 'event'
  | 'action'
  | 'template'
  | 'scenario'
  | 'mapping'
  | 'crm';

/** What publishing would change. */
export interface WorkspaceChange {
  readonly kind: PlannedKind;
  /** The kind itself where there is only one. */
  readonly id: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Scenarios only: what becomes of people in flight depends on it. */
  readonly scenario?: ScenarioChange;
}

/** How a scenario's version changes. */
export interface ScenarioChange {
  /** Definition hashes; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly onChange: 'pin' | 'migrate';
  readonly stepsAdded: readonly string[];
  /** Steps that are gone or are called otherwise now: people may stand on them. */
  readonly stepsRemoved: readonly string[];
}

/** Differences between what is published and what would be; in a stable order. */
export function planWorkspace(
  current: CompiledWorkspace | null,
  next: CompiledWorkspace,
): readonly WorkspaceChange[] {
  const single = (kind: 'relance' | 'profile' | 'policies') =>
    compared(kind, current === null ? [] : [[kind, current[kind]]], [[kind, next[kind]]]);
  const listed = <Item>(
    kind: PlannedKind,
    of: (workspace: CompiledWorkspace) => readonly Item[],
    idOf: (item: Item) => string,
  ) => {
    const keyed = (workspace: CompiledWorkspace | null): readonly (readonly [string, unknown])[] =>
      workspace === null ? [] : of(workspace).map((item) => [idOf(item), item]);
    return compared(kind, keyed(current), keyed(next));
  };
  return [
    ...single('relance'),
    ...single('profile'),
    ...single('policies'),
    ...listed(
      'segment',
      ({ segments }) => segments,
      ({ id }) => id,
    ),
    ...listed(
      'event',
      ({ events }) => events,
      ({ event }) => event,
    ),
    ...listed(
      'action',
      ({ actions }) => actions,
      ({ id }) => id,
    ),
    ...listed(
      'template',
      ({ templates }) => templates,
      ({ id }) => id,
    ),
    ...scenarioChanges(current?.definitions ?? [], next.definitions),
    ...listed(
      'mapping',
      ({ mappings }) => mappings,
      ({ mapping }) => mapping,
    ),
    ...listed(
      'crm',
      ({ crm }) => crm,
      ({ connector }) => connector,
    ),
  ];
}

type Keyed = readonly (readonly [string, unknown])[];

function compared(kind: PlannedKind, before: Keyed, after: Keyed): readonly WorkspaceChange[] {
  const old = new Map(before);
  const fresh = new Map(after);
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return ids.flatMap((id): readonly WorkspaceChange[] => {
    if (!old.has(id)) return [{ kind, id, change: 'added' }];
    if (!fresh.has(id)) return [{ kind, id, change: 'removed' }];
    const isSame = canonicalJson(old.get(id)) === canonicalJson(fresh.get(id));
    return isSame ? [] : [{ kind, id, change: 'changed' }];
  });
}

function scenarioChanges(
  before: readonly Definition[],
  after: readonly Definition[],
): readonly WorkspaceChange[] {
  const old = new Map(before.map((definition) => [definition.scenario, definition]));
  const fresh = new Map(after.map((definition) => [definition.scenario, definition]));
  const byId = (all: readonly Definition[]): Keyed =>
    all.map((definition) => [definition.scenario, definition.hash]);
  return compared('scenario', byId(before), byId(after)).map((change) => ({
    ...change,
    scenario: scenarioChange(old.get(change.id), fresh.get(change.id)),
  }));
}

function scenarioChange(from: Definition | undefined, to: Definition | undefined): ScenarioChange {
  const old = Object.keys(from?.steps ?? {});
  const fresh = Object.keys(to?.steps ?? {});
  return {
    from: from?.hash ?? null,
    to: to?.hash ?? null,
    onChange: to?.onChange.kind ?? 'pin',
    stepsAdded: fresh.filter((id) => !old.includes(id)),
    stepsRemoved: old.filter((id) => !fresh.includes(id)),
  };
}
