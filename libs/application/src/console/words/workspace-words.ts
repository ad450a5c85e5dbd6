import type { Locale, LocalText } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import { NOTHING, type Names } from '#libs/decision';
import type { PublishedWorkspace } from '../../workspace/published.js';
import { branchLabel, stepLabel, type StepNames } from './steps.js';
import { localText, say } from './text.js';

/** Everything a workspace names, in one language, and its definitions by hash. */
export interface WorkspaceWords {
  readonly locale: Locale;
  readonly currency: string;
  readonly timezone: string;
  readonly scenario: (id: string) => string;
  readonly action: (id: string) => string;
  readonly segment: (id: string) => string;
  readonly event: (name: string) => string | undefined;
  /** Who says what is known of people. */
  readonly source: (id: string) => string;
  /** Names of actions and treatments, for `explainDecision`. */
  readonly names: Names;
  readonly definition: (hash: string) => Definition | undefined;
  /** The step of a definition in words; its id where the version is not known any more. */
  readonly step: (definitionHash: string, stepId: string) => string;
  /** The way out of a step that somebody took. */
  readonly branch: (definitionHash: string, stepId: string, branch: string) => string;
}

type NameTable = ReadonlyMap<string, LocalText>;

interface Tables {
  readonly scenarios: NameTable;
  readonly actions: NameTable;
  readonly segments: NameTable;
  readonly events: NameTable;
  readonly sources: NameTable;
  readonly definitions: ReadonlyMap<string, Definition>;
}

const built = new WeakMap<PublishedWorkspace, Tables>();

function tablesOf(published: PublishedWorkspace): Tables {
  const known = built.get(published);
  if (known !== undefined) return known;
  const { compiled, definitions } = published;
  const named = (
    items: readonly { readonly id: string; readonly name?: LocalText | undefined }[],
  ) => new Map(items.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name] as const])));
  // Those in force last: their names win over those of older versions.
  const ordered = [...definitions, ...compiled.definitions];
  const tables: Tables = {
    scenarios: new Map(ordered.map(({ scenario, name }) => [scenario, name] as const)),
    actions: named(compiled.actions),
    segments: named(compiled.segments),
    events: named(compiled.events.map(({ event, name }) => ({ id: event, name }))),
    sources: named(
      Object.entries(compiled.profile.sources).map(([id, { name }]) => ({ id, name })),
    ),
    definitions: new Map(ordered.map((definition) => [definition.hash, definition] as const)),
  };
  built.set(published, tables);
  return tables;
}

const DO_NOTHING = { fr: 'Ne rien faire', en: 'Do nothing' };

/** The words of a published workspace; without one, ids stand for names. */
export function workspaceWords(
  published: PublishedWorkspace | null,
  locale: Locale,
): WorkspaceWords {
  const tables: Tables =
    published === null
      ? {
          scenarios: new Map(),
          actions: new Map(),
          segments: new Map(),
          events: new Map(),
          sources: new Map(),
          definitions: new Map(),
        }
      : tablesOf(published);
  const action = (id: string): string =>
    id === NOTHING ? DO_NOTHING[locale] : localText(tables.actions.get(id), locale, id);
  const segment = (id: string): string => localText(tables.segments.get(id), locale, id);
  const event = (name: string): string | undefined => {
    const own = tables.events.get(name);
    return own === undefined ? undefined : localText(own, locale, name);
  };
  const stepNames: StepNames = { action, segment, event };
  return {
    locale,
    currency: published?.compiled.relance.currency ?? 'EUR',
    timezone: published?.compiled.relance.timezone ?? 'UTC',
    scenario: (id) => localText(tables.scenarios.get(id), locale, id),
    action,
    segment,
    event,
    source: (id) => localText(tables.sources.get(id), locale, id),
    names: Object.fromEntries(tables.actions),
    definition: (hash) => tables.definitions.get(hash),
    step: (hash, stepId) => {
      const definition = tables.definitions.get(hash);
      if (stepId === '') return say(locale, 'non sollicité', 'not contacted');
      return definition === undefined ? stepId : stepLabel(definition, stepId, locale, stepNames);
    },
    branch: (hash, stepId, name) => {
      const step = tables.definitions.get(hash)?.steps[stepId];
      const split = step?.type === 'split' ? step.branches : [];
      const taken = split.find((branch) => branch.name === name);
      return taken === undefined ? action(name) : branchLabel(taken, locale, stepNames);
    },
  };
}

/** How steps name things, from the words of a workspace. */
export function stepNamesOf(words: WorkspaceWords): StepNames {
  const { action, segment, event } = words;
  return { action, segment, event };
}
