import type { Told } from '../../i18n/text.js';
import type { fieldHelp } from './field-help.js';
import { placeAt, type WritingPlace } from './place-in-text.js';
import { keysAt, shapeAt, valuesAt } from './scenario-schema.js';
import type { Path } from './yaml-text.js';

/** Names that the workspace has. */
export interface Names {
  readonly actions: readonly string[];
  readonly segments: readonly string[];
  readonly events: readonly string[];
  readonly purposes: readonly string[];
}

/** Help for keys, in the reader's language. */
export type FieldHelp = Told<typeof fieldHelp>;

/** Something that may be written. */
export interface Proposal {
  readonly label: string;
  readonly insert: string;
  readonly kind: 'key' | 'value' | 'name';
  readonly help: string;
}

/** What may be written at an offset, and where the word begins that it takes the place of. */
export interface Proposals {
  readonly from: number;
  readonly items: readonly Proposal[];
}

const NAMED: Readonly<Record<string, keyof Names>> = {
  actions: 'actions',
  action: 'actions',
  fallback: 'actions',
  business_as_usual: 'actions',
  on: 'events',
  enters: 'segments',
  leaves: 'segments',
  purpose: 'purposes',
};

/** What the schema and the help say of a key, in lines. */
export function describe(path: Path, help: FieldHelp): string {
  const key = String(path.findLast((one) => typeof one === 'string') ?? '');
  const told = Object.hasOwn(help, key) ? help[key as keyof FieldHelp] : '';
  const { shape, byDefault } = shapeAt(path);
  const facts = [shape, byDefault === null ? '' : `= ${byDefault}`].filter((one) => one !== '');
  return [told, facts.join('  ')].filter((one) => one !== '').join('\n');
}

function keysFor({ path }: WritingPlace, help: FieldHelp): readonly Proposal[] {
  return [...keysAt(path).keys()].map((key) => ({
    label: key,
    insert: `${key}: `,
    kind: 'key',
    help: describe([...path, key], help),
  }));
}

function valuesFor({ path, key }: WritingPlace, names: Names): readonly Proposal[] {
  const full = key === null ? path : [...path, key];
  const listed = valuesAt(full).map((label): Proposal => ({
    label,
    insert: label,
    kind: 'value',
    help: '',
  }));
  const last = String(full.findLast((one) => typeof one === 'string') ?? '');
  const kind = NAMED[last];
  const isEvent = last === 'event' && full.includes('emit');
  const known = isEvent ? names.events : kind === undefined ? [] : names[kind];
  const named = known.map((label): Proposal => ({ label, insert: label, kind: 'name', help: '' }));
  return [...named, ...listed];
}

/** What may be written at an offset of a scenario. */
export function proposalsAt(
  text: string,
  offset: number,
  given: { readonly names: Names; readonly help: FieldHelp },
): Proposals {
  const place = placeAt(text, offset);
  const items = place.isKey ? keysFor(place, given.help) : valuesFor(place, given.names);
  return { from: offset - place.word.length, items };
}

/** Help on the key whose name lies around an offset, or null. */
export function helpAt(
  text: string,
  offset: number,
  help: FieldHelp,
): { readonly from: number; readonly to: number; readonly text: string } | null {
  const before = /[\w-]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  const after = /^[\w-]*/.exec(text.slice(offset))?.[0] ?? '';
  const key = before + after;
  const to = offset + after.length;
  if (key === '' || !/^ *:/.test(text.slice(to))) return null;
  const { path } = placeAt(text, to);
  const told = describe([...path, key], help);
  return told === '' ? null : { from: offset - before.length, to, text: told };
}
