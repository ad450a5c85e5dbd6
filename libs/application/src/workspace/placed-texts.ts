import type { Place } from '#libs/kernel';
import type { CheckedFile, DocumentPath, Kind } from '#libs/contracts';
import type { WorkspaceFiles } from './read-files.js';

/** A text with variables, written inside a YAML file: an SMS, the title or note of a task. */
export interface PlacedText {
  readonly source: string;
  readonly locale: string;
  readonly channel: 'sms' | 'task';
  /** The place of a character of the text. */
  readonly placeIn: (offset: number) => Place;
}

/** Every such text of the actions and scenarios, in order of file. */
export function placedTexts(read: WorkspaceFiles): readonly PlacedText[] {
  const fallback = read.relance?.value.locales[0] ?? '';
  const ofActions = read.actions.flatMap((file) =>
    file.value.treatments.flatMap((treatment, index) => {
      const path = ['treatments', index];
      if (treatment.channel === 'email') return [];
      const at = { file, path, fallback, channel: treatment.channel };
      if (treatment.channel === 'sms') return textsAt(at, { text: treatment.text });
      return textsAt(at, { title: treatment.title, note: treatment.note });
    }),
  );
  const ofScenarios = read.scenarios.flatMap((file) =>
    tasksIn(file.value.steps, ['steps']).flatMap(({ path, task }) =>
      textsAt({ file, path, fallback, channel: 'task' }, { title: task.title, note: task.note }),
    ),
  );
  return [...ofActions, ...ofScenarios];
}

type AnyText = string | Readonly<Record<string, string>> | undefined;

interface TextsAt {
  readonly file: CheckedFile<Kind>;
  readonly path: DocumentPath;
  /** Locale of a text that is written once for all. */
  readonly fallback: string;
  readonly channel: PlacedText['channel'];
}

function textsAt(at: TextsAt, fields: Readonly<Record<string, AnyText>>): readonly PlacedText[] {
  const { document } = at.file;
  return Object.entries(fields).flatMap(([field, text]) => {
    if (text === undefined) return [];
    const one = (source: string, locale: string, path: DocumentPath): PlacedText => {
      const placeIn = (offset: number): Place => document.placeIn(path, offset);
      return { source, locale, channel: at.channel, placeIn };
    };
    if (typeof text === 'string') return [one(text, at.fallback, [...at.path, field])];
    return Object.entries(text).map(([locale, source]) =>
      one(source, locale, [...at.path, field, locale]),
    );
  });
}

interface TaskAt {
  readonly path: DocumentPath;
  readonly task: { readonly title?: AnyText; readonly note?: AnyText };
}

/** The `task` steps of a block, at any depth. */
function tasksIn(value: unknown, path: DocumentPath): readonly TaskAt[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== 'task' || typeof inner !== 'object' || inner === null) return tasksIn(inner, below);
    return [{ path: below, task: inner as TaskAt['task'] }];
  });
}
