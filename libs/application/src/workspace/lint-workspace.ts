import { contentHash, type Problem } from '#libs/kernel';
import { roleOf, type CheckedFile } from '#libs/contracts';
import type { Definition } from '#libs/scenario';
import { checkAdvice } from './check-advice.js';
import type { CompiledWorkspace } from './compiled.js';
import { compileAction, type ActionCompiled } from './compile-actions.js';
import {
  checkCrm,
  checkMapping,
  checkProfile,
  checkSegments,
  compilePolicies,
  compileRelance,
} from './compile-rules.js';
import type { CheckRule } from './check-rule.js';
import { entryKindOf } from './compile-entry.js';
import { compileScenario } from './compile-scenario.js';
import { compileTemplate, type TemplateCompiled } from './compile-templates.js';
import { RESERVED_OF_PROFILE } from './check-supply.js';
import { placedTexts, type PlacedText } from './placed-texts.js';
import { compileTests, type TestCase } from './compile-tests.js';
import { inOrder, problemList, type ProblemList } from './problem-list.js';
import { readFiles, topOf, type WorkspaceFiles } from './read-files.js';
import { workspaceScope, type WorkspaceScope } from './scope.js';

/** What checking a workspace came to; without errors, save in tests, there is a compiled one. */
export interface LintResult {
  readonly workspace?: CompiledWorkspace;
  /** With the workspace: its texts of SMS and tasks, for the channels to compile. */
  readonly texts?: readonly PlacedText[];
  /** Cases of the files of tests; no part of what is published. */
  readonly tests?: readonly TestCase[];
  /** By file and place; warnings too. */
  readonly problems: readonly Problem[];
}

/** Whether a problem keeps a workspace from being published: one of a test keeps the test from running. */
function holdsUp({ severity, place }: Problem): boolean {
  const role = roleOf(place?.file ?? '');
  return severity === 'error' && !(role.role === 'kind' && role.kind === 'test');
}

/**
 * Checks every file of a workspace by itself and against the others, and compiles it. Paths are
 * inside the workspace, `/`-separated. `found` are problems of reading them, told with the rest;
 * `checkRule` judges the calendar rules of schedules.
 * Pure; never throws, whatever the files hold.
 */
export function lintWorkspace(
  files: ReadonlyMap<string, string>,
  found: readonly Problem[] = [],
  checkRule?: CheckRule,
): LintResult {
  const list = problemList();
  list.problems.push(...found);
  const read = readFiles(files, list);
  for (const name of ['relance', 'profile', 'policies'] as const) {
    if (read[name] !== undefined || read.broken.has(name)) continue;
    list.add('RLN-1106', topOf(`${name}.yaml`), { file: `${name}.yaml` });
  }
  const parts = compileParts(list, read, checkRule);
  // A name that is wrong in a scenario would be told again for each of its tests.
  if (parts === null || list.problems.some(holdsUp)) return { problems: inOrder(list.problems) };
  const tests = compileTests(list, read.tests, parts);
  const problems = inOrder(list.problems);
  const workspace = { ...parts, hash: contentHash(parts) };
  return { workspace, tests, texts: placedTexts(read), problems };
}

/** What the files say about names, gathered before any is checked against them. */
interface Names {
  readonly locales: readonly string[];
  readonly scope: WorkspaceScope;
  readonly segments: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  readonly dateTraits: ReadonlySet<string>;
  readonly purposes: ReadonlyMap<string, { readonly isContract: boolean }>;
}

function namesOf(read: WorkspaceFiles): Names {
  const { profile, policies, relance } = read;
  const purposes = Object.entries(policies?.value.purposes ?? {});
  const declared = Object.entries(profile?.value.traits ?? {});
  return {
    locales: relance?.value.locales ?? [],
    scope: workspaceScope(
      profile?.value,
      read.events.map(({ value }) => value),
    ),
    segments: new Set(read.segments.map(({ value }) => value.segment)),
    traits: new Set([...declared.map(([name]) => name), ...RESERVED_OF_PROFILE]),
    dateTraits: new Set(declared.filter(([, { type }]) => type === 'date').map(([name]) => name)),
    purposes: new Map(
      purposes.map(([id, { basis }]) => [id, { isContract: basis.includes('contract') }]),
    ),
  };
}

function compileParts(
  list: ProblemList,
  read: WorkspaceFiles,
  checkRule: CheckRule | undefined,
): Omit<CompiledWorkspace, 'hash'> | null {
  const names = namesOf(read);
  const { scope, segments, locales } = names;
  const relance = read.relance && compileRelance(list, read.relance);
  const policies = read.policies && compilePolicies(list, read.policies, { scope, segments });
  if (read.profile !== undefined) checkProfile(list, read.profile, scope);
  const definedSegments = checkSegments(list, read.segments, { locales, scope });
  checkOutside(list, read, names);
  // Against a workspace without its three files, every name would be unknown.
  if (relance === undefined || policies === undefined || read.profile === undefined) return null;
  const templates = compileTemplates(list, read, names);
  const actions = compileActions(list, read, { ...names, templates });
  const definitions = compileScenarios(list, read, { ...names, actions, checkRule });
  checkPurposes(list, read, { names, templates });
  const actionReads = new Map(actions.map(({ action, reads }) => [action.id, reads]));
  checkAdvice(list, read, { locales, scope, policies, actionReads });
  return {
    relance,
    profile: read.profile.value,
    policies,
    segments: definedSegments,
    events: read.events.map(({ value }) => value),
    actions: actions.map(({ action }) => action),
    templates: templates.map(({ template }) => template),
    definitions,
    mappings: read.mappings.map(({ value }) => value),
    crm: read.crm.map(({ value }) => value),
  };
}

/** Mappings and connectors. */
function checkOutside(list: ProblemList, read: WorkspaceFiles, names: Names): void {
  const profile = read.profile?.value;
  if (profile === undefined) return;
  const sources = new Set(Object.keys(profile.sources));
  const identities = new Set(profile.identities.map(({ ns }) => ns));
  const traits = new Set(Object.keys(profile.traits));
  for (const file of read.mappings) checkMapping(list, file, { sources, identities, traits });
  for (const file of read.crm) checkCrm(list, file, { sources, traits: names.traits });
}

function compileTemplates(
  list: ProblemList,
  read: WorkspaceFiles,
  names: Names,
): readonly TemplateCompiled[] {
  const { locales, traits, purposes } = names;
  const world = { locales, traits, purposes, parts: read.parts };
  return read.templates.map((file) => compileTemplate(list, file, world));
}

function compileActions(
  list: ProblemList,
  read: WorkspaceFiles,
  names: Names & { readonly templates: readonly TemplateCompiled[] },
): readonly ActionCompiled[] {
  const templates = new Map(names.templates.map(({ template, reads }) => [template.id, reads]));
  const senders = read.relance?.value.senders ?? {};
  const transactionalOnly = transactionalActions(read, names);
  const world = { ...names, templates, senders, broken: read.broken, transactionalOnly };
  return read.actions.map((file) => compileAction(list, file, world));
}

function compileScenarios(
  list: ProblemList,
  read: WorkspaceFiles,
  names: Names & {
    readonly actions: readonly ActionCompiled[];
    readonly checkRule: CheckRule | undefined;
  },
): readonly Definition[] {
  const world = {
    ...names,
    endpoints: new Set(Object.keys(read.relance?.value.webhooks ?? {})),
    entryKinds: new Map(
      read.scenarios.map(({ value }) => [value.scenario, entryKindOf(value.entry)]),
    ),
    actions: new Map(read.actions.map((file) => [file.value.action, file])),
    actionReads: new Map(names.actions.map(({ action, reads }) => [action.id, reads])),
    broken: read.broken,
  };
  return read.scenarios.map((file) => compileScenario(list, file, world));
}

/** Actions that some scenario uses, and none but transactional ones. */
function transactionalActions(read: WorkspaceFiles, names: Names): ReadonlySet<string> {
  const transactional = new Set<string>();
  const marketing = new Set<string>();
  for (const file of read.scenarios) {
    const isContract = names.purposes.get(file.value.purpose)?.isContract === true;
    for (const action of actionsIn(file)) (isContract ? transactional : marketing).add(action);
  }
  for (const action of marketing) transactional.delete(action);
  return transactional;
}

/** A marketing scenario sends no template that was made without an unsubscribe link. */
function checkPurposes(
  list: ProblemList,
  read: WorkspaceFiles,
  world: { readonly names: Names; readonly templates: readonly TemplateCompiled[] },
): void {
  const templates = new Map(world.templates.map(({ template }) => [template.id, template]));
  const actions = new Map(read.actions.map((file) => [file.value.action, file]));
  for (const file of read.scenarios) {
    const { purpose } = file.value;
    if (world.names.purposes.get(purpose)?.isContract !== false) continue;
    for (const action of new Set(actionsIn(file))) {
      const source = actions.get(action);
      for (const [index, treatment] of (source?.value.treatments ?? []).entries()) {
        if (source === undefined || treatment.channel !== 'email') continue;
        const template = templates.get(treatment.template);
        if (template === undefined || template.unsubscribeRequired) continue;
        const place = source.document.placeOf(['treatments', index, 'template']);
        const params = { template: template.id, found: template.purpose, purpose };
        list.add('RLN-1407', place, params);
      }
    }
  }
}

/** Ids of the actions a scenario names, at any depth. */
function actionsIn(file: CheckedFile<'scenario'>): readonly string[] {
  const found: string[] = [];
  const open: unknown[] = [file.value.steps];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const { decide, deliver } = value as {
      decide?: { actions: readonly string[] };
      deliver?: { action?: string };
    };
    found.push(...(decide?.actions ?? []));
    if (deliver?.action !== undefined) found.push(deliver.action);
    open.push(...Object.values(value));
  }
  return found;
}
