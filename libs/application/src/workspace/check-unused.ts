import type { Place } from '#libs/kernel';
import type { CheckedFile } from '#libs/contracts';
import { actionsNamed } from './actions-named.js';
import { kindWord, type NameKind, type ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';

const USES = {
  segment: {
    fr: 'Un segment s’emploie par « segment: { enters: … } » ou par inSegment("…").',
    en: 'A segment is used by "segment: { enters: … }" or by inSegment("…").',
  },
  action: {
    fr: 'Nommez l’action dans « decide » ou « deliver » ; /v1/decide peut la choisir aussi.',
    en: 'Name the action in "decide" or "deliver"; /v1/decide may choose it as well.',
  },
  template: {
    fr: 'Nommez le modèle dans un traitement : « template: … ».',
    en: 'Name the template in a treatment: "template: …".',
  },
} as const;

/** Segments, actions and templates that no file names: forgotten, or named wrongly elsewhere. */
export function checkUnused(list: ProblemList, read: WorkspaceFiles): void {
  // What a broken file names is not known.
  if (read.broken.size > 0) return;
  const actions = new Set(
    read.scenarios.flatMap((file) => actionsNamed(file).map(({ action }) => action)),
  );
  const templates = new Set(
    read.actions.flatMap(({ value }) =>
      value.treatments.flatMap((each) => (each.channel === 'email' ? [each.template] : [])),
    ),
  );
  const texts = textsOf(read);
  for (const { value, document } of read.segments) {
    const id = value.segment;
    const isNamed = [...texts].some(([file, text]) => file !== document.file && names(text, id));
    if (!isNamed) tell(list, 'segment', { name: id, place: document.placeOf(['segment']) });
  }
  for (const { value, document } of read.actions) {
    if (actions.has(value.action)) continue;
    tell(list, 'action', { name: value.action, place: document.placeOf(['action']) });
  }
  for (const { value, document } of read.templates) {
    if (templates.has(value.template)) continue;
    tell(list, 'template', { name: value.template, place: document.placeOf(['template']) });
  }
}

function tell(
  list: ProblemList,
  kind: keyof typeof USES & NameKind,
  at: { readonly name: string; readonly place: Place },
): void {
  list.add('RLN-1315', at.place, { kind: kindWord(kind), name: at.name, use: USES[kind] });
}

/** Everything files say that may name a segment, as one text a file. */
function textsOf(read: WorkspaceFiles): ReadonlyMap<string, string> {
  const files: readonly (CheckedFile<never> | undefined)[] = [
    read.policies,
    ...read.segments,
    ...read.actions,
    ...read.scenarios,
    ...read.crm,
  ] as never;
  return new Map(
    files.flatMap((file) =>
      file === undefined ? [] : [[file.document.file, JSON.stringify(file.value)]],
    ),
  );
}

/** Whether a quoted text of the file is the name. */
function names(text: string, id: string): boolean {
  return text.includes(`"${id}"`) || text.includes(`\\"${id}\\"`) || text.includes(`'${id}'`);
}
