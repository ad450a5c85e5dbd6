import fc from 'fast-check';

/** The files of a workspace, by path. */
export type Files = ReadonlyMap<string, string>;

/** One change of a text; `seed` places it. */
type Edit = (text: string, seed: readonly [number, number, number]) => string;

const lines = (text: string): string[] => text.split('\n');
const at = (length: number, share: number): number =>
  Math.min(length - 1, Math.max(0, Math.floor(share * length)));

/** A scalar of a YAML file: what stands behind a colon, a dash, a comma or a bracket. */
const SCALAR = /(?<=[:,[{-] )[^\s,[\]{}#][^,[\]{}#\n]*/g;

function scalars(text: string): readonly { readonly start: number; readonly value: string }[] {
  return [...text.matchAll(SCALAR)].map((match) => ({
    start: match.index,
    value: match[0].trimEnd(),
  }));
}

function replaceScalar(text: string, share: number, by: string): string {
  const found = scalars(text);
  const one = found[at(found.length, share)];
  if (one === undefined) return text;
  return text.slice(0, one.start) + by + text.slice(one.start + one.value.length);
}

const ODD_SCALARS = [
  '',
  '~',
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '.nan',
  '0x10',
  '1_000',
  '99999w',
  '100000d',
  '0s',
  '13mo',
  '"24:00"',
  '"00:00"',
  '2026-02-30',
  '5%',
  '100.5%',
  '[]',
  '{}',
  '[[[]]]',
  '{ a: 1 }',
  'constructor',
  '__proto__',
  'toString',
  'nothing',
  'Europe/Nowhere',
  '"{{profile.firstName}}"',
  '"{{#if"',
  '"{{#each entry.products as |p|}}{{p}}{{/each}}"',
  'event.constructor == 1',
  'has(event.__proto__)',
  '"[1].all(a, [1].all(b, a == b))"',
  '"((((1))))"',
  '"profile.country.matches(\'(a+)+$\')"',
  "'1 / 0'",
  '|',
  '>-',
  '&a x',
  '*a',
  '!!binary aGk=',
  '"\\ud800"',
  '\u202eabc',
  'e\u0301\u0301\u0301',
  '\u{1f600}'.repeat(40),
  'x'.repeat(3_000),
] as const;

const PIECES = [
  '\u0000',
  '\ufeff',
  '\u2028',
  '\ufffd',
  '\t',
  '\r',
  '\r\n',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '? ',
  '<<: *a\n',
  '&a ',
  '*a',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ': ',
  '#',
  '- ',
  '[['.repeat(200),
  '{a: '.repeat(100),
  '- '.repeat(200),
  'é'.repeat(70_000),
] as const;

const EDITS: readonly Edit[] = [
  // Lines taken out, doubled, moved, indented.
  (text, [where, size]) => {
    const all = lines(text);
    all.splice(at(all.length, where), 1 + Math.floor(size * 4));
    return all.join('\n');
  },
  (text, [where, size, to]) => {
    const all = lines(text);
    const from = at(all.length, where);
    const some = all.slice(from, from + 1 + Math.floor(size * 6));
    all.splice(at(all.length, to), 0, ...some);
    return all.join('\n');
  },
  (text, [where, size]) => {
    const all = lines(text);
    const from = at(all.length, where);
    const by = ' '.repeat(Math.floor(size * 5));
    return all
      .map((line, index) => (index >= from && index < from + 3 ? by + line : line))
      .join('\n');
  },
  // Scalars swapped within the file, or for odd ones.
  (text, [one, other]) => {
    const found = scalars(text);
    return replaceScalar(text, one, found[at(found.length, other)]?.value ?? '');
  },
  (text, [where, which]) =>
    replaceScalar(text, where, ODD_SCALARS[at(ODD_SCALARS.length, which)] ?? ''),
  // Anything anywhere.
  (text, [where, which]) => {
    const index = at(text.length, where);
    return text.slice(0, index) + (PIECES[at(PIECES.length, which)] ?? '') + text.slice(index);
  },
  (text, [where, size]) => {
    const index = at(text.length, where);
    return text.slice(0, index) + text.slice(index + Math.floor(size * 60));
  },
  (text) => text.replaceAll('\n', '\r'),
];

/** Numbers, durations, times and days of the file changed for others that are as good. */
const GENTLE: readonly Edit[] = [
  (text, [where, which]) => {
    const found = [...text.matchAll(/(?<=[\s:[{])(\d{1,3})([smhdw])(?=[\s,}\]])/g)];
    const one = found[at(found.length, where)];
    if (one === undefined) return text;
    const by = ['1h', '2d', '5m', '14d', '90d', '1s', '12w', '0s'][at(8, which)] ?? '1h';
    return text.slice(0, one.index) + by + text.slice(one.index + one[0].length);
  },
  (text, [where, which]) => {
    const found = [...text.matchAll(/(?<=[\s:[{])\d+(?:\.\d+)?(?=%?[\s,}\]])/g)];
    const one = found[at(found.length, where)];
    if (one === undefined) return text;
    const by = ['0', '1', '2', '7', '30', '99', '0.5', '1000'][at(8, which)] ?? '1';
    return text.slice(0, one.index) + by + text.slice(one.index + one[0].length);
  },
  (text, [where, hour, minute]) => {
    const found = [...text.matchAll(/"(\d\d:\d\d)"/g)];
    const one = found[at(found.length, where)];
    if (one === undefined) return text;
    const clock = [Math.floor(hour * 24), Math.floor(minute * 60)]
      .map((part) => String(part).padStart(2, '0'))
      .join(':');
    return `${text.slice(0, one.index)}"${clock}"${text.slice(one.index + one[0].length)}`;
  },
  // One item less of a list in brackets.
  (text, [where, which]) => {
    const found = [...text.matchAll(/\[([\w-]+(?:, [\w-]+)+)\]/g)];
    const one = found[at(found.length, where)];
    const items = one?.[1]?.split(', ') ?? [];
    if (one === undefined || items.length < 2) return text;
    items.splice(at(items.length, which), 1);
    return `${text.slice(0, one.index)}[${items.join(', ')}]${text.slice(one.index + one[0].length)}`;
  },
  // A whole step or list item left out.
  (text, [where]) => {
    const all = lines(text);
    const items = all.flatMap((line, index) => (/^ {2}- [\w{]/.test(line) ? [index] : []));
    const from = items[at(items.length, where)];
    if (from === undefined) return text;
    let to = from + 1;
    while (to < all.length && /^ {4}/.test(all[to] ?? '')) to += 1;
    return [...all.slice(0, from), ...all.slice(to)].join('\n');
  },
];

const share = fc.double({ min: 0, max: 1, noNaN: true });

function changedBy(files: Files, edits: readonly Edit[], most: number): fc.Arbitrary<Files> {
  const paths = [...files.keys()];
  const change = fc.record({
    path: fc.constantFrom(...paths),
    edit: fc.constantFrom(...edits),
    seed: fc.tuple(share, share, share),
  });
  return fc.array(change, { minLength: 1, maxLength: most }).map((changes) => {
    const made = new Map(files);
    for (const { path, edit, seed } of changes) made.set(path, edit(made.get(path) ?? '', seed));
    return made;
  });
}

/** The workspace with up to four wild changes. */
export function wildly(files: Files): fc.Arbitrary<Files> {
  return changedBy(files, EDITS, 4);
}

/** The workspace with up to five changes of the sort an author makes; many are accepted. */
export function gently(files: Files): fc.Arbitrary<Files> {
  return changedBy(files, GENTLE, 5);
}

/** A bomb of aliases: each line ten times the one before. */
export function aliasBomb(levels: number): string {
  const names = Array.from({ length: levels }, (_, index) => `a${index}`);
  return names
    .map((name, index) => {
      const before = names[index - 1];
      const value = before === undefined ? 'x' : `[${Array(10).fill(`*${before}`).join(', ')}]`;
      return `${name}: &${name} ${value}`;
    })
    .join('\n');
}
