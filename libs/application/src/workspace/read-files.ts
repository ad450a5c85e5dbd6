import type { Place } from '#libs/kernel';
import { checkFile, roleOf, WORKSPACE_LIMITS, type CheckedFile, type Kind } from '#libs/contracts';
import { kindWord, type NameKind, type ProblemList } from './problem-list.js';

/** Files of a workspace that have the shape of their kind. */
export interface WorkspaceFiles {
  readonly relance?: CheckedFile<'relance'>;
  readonly profile?: CheckedFile<'profile'>;
  readonly policies?: CheckedFile<'policies'>;
  readonly segments: readonly CheckedFile<'segment'>[];
  readonly events: readonly CheckedFile<'event'>[];
  readonly actions: readonly CheckedFile<'action'>[];
  readonly templates: readonly CheckedFile<'template'>[];
  readonly mappings: readonly CheckedFile<'mapping'>[];
  readonly crm: readonly CheckedFile<'crm'>[];
  readonly scenarios: readonly CheckedFile<'scenario'>[];
  readonly tests: readonly CheckedFile<'test'>[];
  /** Sources by template and part: `subject.fr.hbs`. */
  readonly parts: ReadonlyMap<
    string,
    ReadonlyMap<string, { readonly source: string; readonly path: string }>
  >;
  /** Ids in files whose shape is wrong, so that naming them is not a second problem. */
  readonly broken: ReadonlySet<string>;
}

/** Files read at most; beyond, the workspace is refused. */
const MAX_FILES = WORKSPACE_LIMITS.files;

type ByKind = { [Name in Kind]: CheckedFile<Name>[] };

/**
 * Reads every file, in order of path, whatever it holds. A file that the list tells of already, and
 * that is not there, is broken like one that is.
 */
export function readFiles(files: ReadonlyMap<string, string>, list: ProblemList): WorkspaceFiles {
  const byKind: ByKind = {
    relance: [],
    profile: [],
    policies: [],
    segment: [],
    event: [],
    action: [],
    template: [],
    mapping: [],
    crm: [],
    scenario: [],
    test: [],
  };
  const parts = new Map<string, Map<string, { source: string; path: string }>>();
  const broken = new Set<string>();
  for (const { place, severity } of list.problems) {
    if (place === undefined || severity !== 'error') continue;
    if (!files.has(place.file)) noteBroken(place.file, '', broken);
  }
  const paths = [...files.keys()].sort();
  if (paths.length > MAX_FILES) list.add('RLN-1108', topOf('relance.yaml'), { limit: MAX_FILES });
  for (const path of paths.slice(0, MAX_FILES)) {
    const role = roleOf(path);
    const source = files.get(path) ?? '';
    if (role.role === 'unknown') list.add('RLN-1104', topOf(path), { path });
    if (role.role === 'template_part') {
      const of = parts.get(role.template) ?? new Map<string, { source: string; path: string }>();
      parts.set(role.template, of.set(role.part, { source, path }));
    }
    if (role.role === 'kind') readOne(role.kind, { path, source }, { byKind, broken, list });
  }
  checkTwins(byKind, list);
  const [relance] = byKind.relance;
  const [profile] = byKind.profile;
  const [policies] = byKind.policies;
  return {
    ...(relance === undefined ? {} : { relance }),
    ...(profile === undefined ? {} : { profile }),
    ...(policies === undefined ? {} : { policies }),
    segments: byKind.segment,
    events: byKind.event,
    actions: byKind.action,
    templates: byKind.template,
    mappings: byKind.mapping,
    crm: byKind.crm,
    scenarios: byKind.scenario,
    tests: byKind.test,
    parts,
    broken,
  };
}

/** The first character of a file. */
export function topOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

function readOne<Name extends Kind>(
  kind: Name,
  file: { readonly path: string; readonly source: string },
  into: { byKind: ByKind; broken: Set<string>; list: ProblemList },
): void {
  const checked = checkFile(kind, file.path, file.source);
  if (checked.ok) {
    (into.byKind[kind] as CheckedFile<Name>[]).push(checked.value);
    return;
  }
  into.list.problems.push(...checked.error);
  noteBroken(file.path, file.source, into.broken);
}

/** The id of a broken file is still what others name: its first value, or its name. */
function noteBroken(path: string, source: string, broken: Set<string>): void {
  const role = roleOf(path);
  if (role.role !== 'kind') return;
  const id = /^\s*\w+:\s*["']?([\w-]+)/m.exec(source)?.[1];
  const name = path
    .split('/')
    .at(role.kind === 'template' ? -2 : -1)
    ?.replace(/\..*$/, '');
  for (const each of [role.kind, id, name]) if (each !== undefined) broken.add(each);
}

const ID_OF: Partial<Record<Kind, { readonly key: string; readonly word: NameKind }>> = {
  segment: { key: 'segment', word: 'segment' },
  event: { key: 'event', word: 'event' },
  action: { key: 'action', word: 'action' },
  template: { key: 'template', word: 'template' },
  scenario: { key: 'scenario', word: 'scenario' },
};

function checkTwins(byKind: ByKind, list: ProblemList): void {
  for (const [kind, about] of Object.entries(ID_OF)) {
    const seen = new Map<string, string>();
    for (const file of byKind[kind as Kind]) {
      const id = (file.value as unknown as Record<string, string>)[about.key] ?? '';
      const other = seen.get(id);
      if (other !== undefined) {
        const place = file.document.placeOf([about.key]);
        list.add('RLN-1107', place, { kind: kindWord(about.word), id, other });
      }
      seen.set(id, file.document.file);
    }
  }
}
