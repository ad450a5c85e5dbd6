import type { Place } from '#libs/kernel';
import { IMPORT_SCOPE, type Expectation } from '#libs/expression';
import { FRANCE_DEFAULTS, type PurposeRule } from '#libs/policy';
import { shareOf, type CheckedFile, type DocumentPath } from '#libs/contracts';
import { compileSegments, type SegmentDefinition } from '#libs/segment';
import { checkExpression } from './check-expression.js';
import type { CompiledPolicies, CompiledRelance } from './compiled.js';
import { checkLocales } from './locales.js';
import { checkName, suggestionFor, type ProblemList } from './problem-list.js';
import { profileScope, type WorkspaceScope } from './scope.js';

/** `relance.yaml`, its shares as numbers. */
export function compileRelance(
  list: ProblemList,
  { value, document }: CheckedFile<'relance'>,
): CompiledRelance {
  checkLocales(list, value.name, value.locales, document.placeOf(['name']));
  return {
    ...value,
    holdout: { share: shareOf(value.holdout.share), salt: value.holdout.salt },
    random_control: { share: shareOf(value.random_control.share) },
    business_as_usual: { share: shareOf(value.business_as_usual.share) },
  };
}

/** `policies.yaml` as the policy library reads it. */
export function compilePolicies(
  list: ProblemList,
  { value, document }: CheckedFile<'policies'>,
  world: { readonly scope: WorkspaceScope; readonly segments: ReadonlySet<string> },
): CompiledPolicies {
  const purposes = Object.keys(value.purposes);
  for (const key of ['caps', 'holds'] as const) {
    for (const [index, { purpose: name }] of (value[key] ?? []).entries()) {
      const place = document.placeOf([key, index, 'purpose']);
      checkName(list, 'purpose', { name, place }, purposes);
    }
  }
  for (const [index, hold] of value.holds.entries()) {
    const path = ['holds', index, 'when'];
    const scope = profileScope(world.scope);
    const at = { document, path, source: hold.when, scope, expects: 'bool' } as const;
    checkExpression(list, at, world.segments);
  }
  return {
    purposes: Object.entries(value.purposes).map(
      ([id, { basis, ignores, obeys }]): PurposeRule => ({
        id,
        basis,
        ...(ignores === undefined ? {} : { ignores }),
        ...(obeys === undefined ? {} : { obeys }),
      }),
    ),
    caps: value.caps ?? FRANCE_DEFAULTS.caps,
    quiet_hours: value.quiet_hours ?? FRANCE_DEFAULTS.quiet_hours,
    holds: value.holds.map(({ id, when, purpose, lasts }) => ({
      id,
      when,
      purpose,
      ...(lasts === undefined ? {} : { lasts }),
    })),
    levers: value.levers,
    suppress: { ...FRANCE_DEFAULTS.suppress, ...value.suppress },
  };
}

/** `profile.yaml`: sources that are named, events that are folded, conditions on them. */
export function checkProfile(
  list: ProblemList,
  { value, document }: CheckedFile<'profile'>,
  scope: WorkspaceScope,
): void {
  const sources = Object.keys(value.sources);
  const checkSource = (name: string, path: DocumentPath): void => {
    checkName(list, 'source', { name, place: document.placeOf(path) }, sources);
  };
  for (const [index, identity] of value.identities.entries()) {
    for (const [at, from] of (identity.from ?? []).entries()) {
      checkSource(from, ['identities', index, 'from', at]);
    }
  }
  for (const [name, trait] of Object.entries(value.traits)) {
    for (const [at, from] of trait.master.entries()) {
      checkSource(from, ['traits', name, 'master', at]);
    }
  }
  if (value.accounts.owner_from !== undefined) {
    checkSource(value.accounts.owner_from, ['accounts', 'owner_from']);
  }
  for (const [name, aggregate] of Object.entries(value.aggregates)) {
    const [operation, of] = Object.entries(aggregate)[0] ?? ['', ''];
    const event = (typeof of === 'string' ? of : '').split('.')[0] ?? '';
    const path = ['aggregates', name];
    checkKnownEvent(list, scope, { name: event, place: document.placeOf([...path, operation]) });
    if (aggregate.where === undefined) continue;
    const names = { event: scope.events.get(event) ?? 'dyn', now: 'timestamp' } as const;
    const at = { document, path: [...path, 'where'], source: aggregate.where, scope: names };
    checkExpression(list, { ...at, expects: 'bool' }, new Set());
  }
}

/** Segments together: each may ask about another, and none about itself. */
export function checkSegments(
  list: ProblemList,
  files: readonly CheckedFile<'segment'>[],
  world: { readonly locales: readonly string[]; readonly scope: WorkspaceScope },
): readonly SegmentDefinition[] {
  const byId = new Map(files.map((file) => [file.value.segment, file]));
  const definitions = files.map(({ value }): SegmentDefinition => ({
    id: value.segment,
    name: value.name ?? {},
    when: value.when,
  }));
  const { profile } = world.scope;
  const checked = compileSegments(definitions, { profile, account: 'dyn', now: 'timestamp' });
  for (const problem of checked.ok ? [] : checked.error) {
    const file = byId.get(problem.segment);
    if (file === undefined) continue;
    const place = file.document.placeIn(['when'], problem.offset);
    list.add('RLN-1605', place, { detail: problem.message, advice: problem.hint ?? '' });
  }
  for (const segment of checked.ok ? checked.value : []) {
    const file = byId.get(segment.id);
    for (const warning of file === undefined ? [] : segment.condition.warnings) {
      const place = file?.document.placeIn(['when'], warning.offset);
      const params = { detail: warning.message, advice: warning.hint ?? '' };
      if (place !== undefined) list.add('RLN-1502', place, params);
    }
  }
  for (const { value, document } of files) {
    checkLocales(list, value.name, world.locales, document.placeOf(['name']));
  }
  return definitions;
}

/** A mapping: the source it speaks for, the ids and traits it fills, its expressions over a row. */
export function checkMapping(
  list: ProblemList,
  { value, document }: CheckedFile<'mapping'>,
  world: {
    readonly sources: ReadonlySet<string>;
    readonly identities: ReadonlySet<string>;
    readonly traits: ReadonlySet<string>;
  },
): void {
  const place = (path: DocumentPath) => document.placeOf(path);
  checkName(list, 'source', { name: value.source, place: place(['source']) }, world.sources);
  const cel = (path: DocumentPath, source: string | undefined, expects: Expectation = 'any') => {
    if (source === undefined) return;
    checkExpression(list, { document, path, source, scope: IMPORT_SCOPE, expects }, new Set());
  };
  const cels = (path: DocumentPath, sources: Readonly<Record<string, string>> = {}) => {
    for (const [name, source] of Object.entries(sources)) cel([...path, name], source);
  };
  const ids = (path: DocumentPath, sources: Readonly<Record<string, string>> = {}) => {
    for (const name of Object.keys(sources)) {
      const at = { name, place: document.placeOfKey([...path, name]) };
      checkName(list, 'identity', at, world.identities);
    }
    cels(path, sources);
  };
  for (const [index, { when }] of value.skip.entries()) cel(['skip', index, 'when'], when, 'bool');
  if (value.event !== undefined) {
    cel(['event', 'name'], value.event.name, 'string');
    cel(['event', 'id'], value.event.id);
    cel(['event', 'at'], value.event.at);
    ids(['event', 'identity'], value.event.identity);
    cels(['event', 'properties'], value.event.properties);
  }
  ids(['identity'], value.identity);
  cel(['at'], value.at);
  for (const name of Object.keys(value.traits)) {
    const at = { name, place: document.placeOfKey(['traits', name]) };
    checkName(list, 'trait', at, world.traits);
  }
  cels(['traits'], value.traits);
  for (const [index, consent] of value.consents.entries()) {
    cels(['consents', index], consent as Readonly<Record<string, string>>);
  }
  cels(['account', 'identity'], value.account?.identity);
  cels(['account', 'traits'], value.account?.traits);
}

/** A connector: the source it speaks for and the traits its columns fill. */
export function checkCrm(
  list: ProblemList,
  { value, document }: CheckedFile<'crm'>,
  world: { readonly sources: ReadonlySet<string>; readonly traits: ReadonlySet<string> },
): void {
  const source = { name: value.source, place: document.placeOf(['source']) };
  checkName(list, 'source', source, world.sources);
  const contacts = value.pull.contacts?.traits ?? {};
  for (const name of Object.keys(contacts)) {
    const place = document.placeOfKey(['pull', 'contacts', 'traits', name]);
    checkName(list, 'trait', { name, place }, world.traits);
  }
}

function checkKnownEvent(
  list: ProblemList,
  scope: WorkspaceScope,
  at: { readonly name: string; readonly place: Place },
): void {
  if (scope.events.has(at.name)) return;
  const suggestion = suggestionFor(at.name, scope.events.keys());
  list.add('RLN-1302', at.place, { name: at.name, suggestion });
}
