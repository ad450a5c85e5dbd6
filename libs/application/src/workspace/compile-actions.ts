import type { CheckedFile, DocumentPath } from '#libs/contracts';
import type { Compiled, Expectation } from '#libs/expression';
import { checkExpression } from './check-expression.js';
import type { CompiledAction, CompiledTreatment } from './compiled.js';
import { checkLocales, inLocales } from './locales.js';
import { checkName, type ProblemList } from './problem-list.js';
import type { ReadPaths } from './reads.js';
import { actionScope, type WorkspaceScope } from './scope.js';
import { taskTarget } from './scenario-graph.js';
import { isUnknown, templateReads, variablesOf } from './template-variables.js';
import type { ActionReads, TreatmentSource } from './world.js';

/** What actions are checked against. */
export interface ActionWorld {
  readonly locales: readonly string[];
  readonly scope: WorkspaceScope;
  readonly segments: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  readonly senders: Readonly<Record<string, { readonly channel: string; readonly from: string }>>;
  /** Ids of templates and what each reads. */
  readonly templates: ReadonlyMap<string, ReadPaths>;
  readonly broken: ReadonlySet<string>;
  /** Actions that only transactional scenarios use: no STOP is asked of their SMS. */
  readonly transactionalOnly: ReadonlySet<string>;
}

/** An action, compiled, and what it reads. */
export interface ActionCompiled {
  readonly action: CompiledAction;
  readonly reads: ActionReads;
}

/** Checks an action against its workspace and compiles it. The problems are in the list. */
export function compileAction(
  list: ProblemList,
  file: CheckedFile<'action'>,
  world: ActionWorld,
): ActionCompiled {
  const { document, value: source } = file;
  if (source.action === 'nothing') list.add('RLN-1604', document.placeOf(['action']));
  checkLocales(list, source.name, world.locales, document.placeOf(['name']));
  const compiled = expressionsOf(list, file, world);
  const texts: (readonly string[])[] = [];
  const treatments = source.treatments.map((treatment, index) => {
    texts.push(...checkTreatment({ list, file, world }, treatment, ['treatments', index]));
    return treatmentOf(treatment, world);
  });
  checkIds(list, file, treatments);
  for (const scope of ['per_profile', 'total'] as const) {
    for (const [per, max] of Object.entries(source.limits[scope] ?? {})) {
      const place = document.placeOf(['limits', scope, per]);
      if (max === 0) list.add('RLN-1601', place, { action: source.action });
    }
  }
  const { action: id, value, treatments: _, ...rest } = source;
  return {
    action: { ...rest, id, value: String(value), treatments },
    reads: { compiled, texts },
  };
}

function expressionsOf(
  list: ProblemList,
  file: CheckedFile<'action'>,
  world: ActionWorld,
): readonly (Compiled | null)[] {
  const { document, value: source } = file;
  const scope = actionScope(world.scope);
  const fields: readonly (readonly [keyof typeof source, Expectation])[] = [
    ['value', 'number'],
    ['eligible', 'bool'],
    ['applicable', 'bool'],
    ['suitable', 'bool'],
  ];
  return fields.flatMap(([field, expects]) => {
    const text = source[field];
    if (text === undefined) return [];
    const at = {
      document,
      path: [field],
      source: typeof text === 'string' ? text : JSON.stringify(text),
      scope,
      expects,
    };
    return [checkExpression(list, at, world.segments)];
  });
}

interface Checking {
  readonly list: ProblemList;
  readonly file: CheckedFile<'action'>;
  readonly world: ActionWorld;
}

/** Answers the paths the treatment's texts read. */
function checkTreatment(
  checking: Checking,
  treatment: TreatmentSource,
  path: DocumentPath,
): ReadPaths {
  const { list, file, world } = checking;
  const { document } = file;
  if (treatment.channel === 'email') {
    const { template, sender } = treatment;
    checkSender(checking, { name: sender, channel: 'email' }, [...path, 'sender']);
    if (!world.broken.has(template)) {
      const place = document.placeOf([...path, 'template']);
      checkName(list, 'template', { name: template, place }, world.templates.keys());
    }
    return world.templates.get(template) ?? [];
  }
  if (treatment.channel === 'sms') {
    if (treatment.sender !== undefined) {
      checkSender(checking, { name: treatment.sender, channel: 'sms' }, [...path, 'sender']);
    }
    checkLocales(list, treatment.text, world.locales, document.placeOf([...path, 'text']));
    checkStop(checking, treatment, path);
    return checkTexts(checking, treatment.text, [...path, 'text']);
  }
  checkLocales(list, treatment.title, world.locales, document.placeOf([...path, 'title']));
  checkLocales(list, treatment.note, world.locales, document.placeOf([...path, 'note']));
  return [
    ...checkTexts(checking, inLocales(treatment.title, world.locales), [...path, 'title']),
    ...checkTexts(checking, inLocales(treatment.note ?? {}, world.locales), [...path, 'note']),
  ];
}

function checkSender(
  { list, file, world }: Checking,
  sender: { readonly name: string; readonly channel: string },
  path: DocumentPath,
): void {
  const place = file.document.placeOf(path);
  const { name, channel } = sender;
  if (!checkName(list, 'sender', { name, place }, Object.keys(world.senders))) return;
  const found = world.senders[name]?.channel ?? '';
  if (found !== channel) list.add('RLN-1304', place, { sender: name, found, channel });
}

/** Marketing by SMS says in each language how to stop it. */
function checkStop(
  { list, file, world }: Checking,
  treatment: Extract<TreatmentSource, { channel: 'sms' }>,
  path: DocumentPath,
): void {
  if (world.transactionalOnly.has(file.value.action)) return;
  const sender = treatment.sender ?? defaultSms(world) ?? '';
  const from = world.senders[sender]?.from ?? '36xxx';
  for (const [locale, text] of Object.entries(treatment.text)) {
    if (/(^|[^A-Za-z])STOP([^A-Za-z]|$)/.test(text)) continue;
    list.add('RLN-1403', file.document.placeOf([...path, 'text', locale]), { from });
  }
}

function checkTexts(
  { list, file, world }: Checking,
  text: Readonly<Record<string, string>>,
  path: DocumentPath,
): ReadPaths {
  for (const [locale, source] of Object.entries(text)) {
    for (const variable of variablesOf(source)) {
      if (!isUnknown(variable, world.traits)) continue;
      const place = file.document.placeOf([...path, locale]);
      list.add('RLN-1405', place, { variable: variable.path.join('.') });
    }
  }
  return Object.values(text).flatMap(templateReads);
}

/** Ids tell creatives of one channel apart; a channel alone is its treatment's id. */
function checkIds(
  list: ProblemList,
  file: CheckedFile<'action'>,
  treatments: readonly CompiledTreatment[],
): void {
  const seen = new Set<string>();
  for (const [index, { id }] of treatments.entries()) {
    const place = file.document.placeOf(['treatments', index]);
    if (seen.has(id)) list.add('RLN-1602', place, { id });
    seen.add(id);
  }
}

function treatmentOf(source: TreatmentSource, world: ActionWorld): CompiledTreatment {
  const id = source.id ?? source.channel;
  switch (source.channel) {
    case 'email':
      return { id, channel: 'email', template: source.template, sender: source.sender };
    case 'sms':
      return {
        id,
        channel: 'sms',
        text: source.text,
        sender: source.sender ?? defaultSms(world),
      };
    case 'task':
      return {
        id,
        channel: 'task',
        title: inLocales(source.title, world.locales),
        note: source.note === undefined ? null : inLocales(source.note, world.locales),
        due: source.due,
        for: taskTarget(source),
      };
  }
}

function defaultSms({ senders }: ActionWorld): string | null {
  return Object.entries(senders).find(([, { channel }]) => channel === 'sms')?.[0] ?? null;
}
