import type { Path } from './yaml-text.js';

/** Where somebody writes. */
export interface WritingPlace {
  /** Of what holds the key or value. */
  readonly path: Path;
  /** The key whose value is being written; null where a key is, or an item of a list. */
  readonly key: string | null;
  /** What is written of it so far. */
  readonly word: string;
  /** A key may stand here. */
  readonly isKey: boolean;
}

interface Level {
  readonly indent: number;
  readonly at: string | number;
}

const DASH = /^- +|^-$/;
const KEY = /^(?:"([^"]*)"|'([^']*)'|([\w.-]+)) *:(?= |$)/;

/** Levels that a line opens, or goes on with. */
function entered(levels: readonly Level[], line: string): { levels: Level[]; rest: string } {
  const now = [...levels];
  let indent = line.length - line.trimStart().length;
  let rest = line.trimStart();
  const leave = (isLeft: (level: Level) => boolean): void => {
    for (let top = now.at(-1); top !== undefined && isLeft(top); top = now.at(-1)) now.pop();
  };
  for (let dash = DASH.exec(rest); dash !== null; dash = DASH.exec(rest)) {
    const column = indent;
    leave((level) => level.indent > column);
    const before = now.at(-1);
    const isNext = before?.indent === column && typeof before.at === 'number';
    if (isNext) now.pop();
    now.push({ indent: column, at: isNext ? Number(before.at) + 1 : 0 });
    indent += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const column = indent;
  const found = KEY.exec(rest);
  if (rest !== '')
    leave(
      (level) => level.indent >= column && !(typeof level.at === 'number' && level.indent < column),
    );
  if (found !== null) {
    now.push({ indent: column, at: found[1] ?? found[2] ?? found[3] ?? '' });
    rest = rest.slice(found[0].length).trimStart();
  }
  return { levels: now, rest: found === null ? rest : `: ${rest}` };
}

/** `{` or `[` not closed yet, and where in it the writing stands. */
interface Open {
  readonly path: Path;
  /** Of a map: the key whose value is being written. */
  readonly key: string | null;
  /** Of a list; null in a map. */
  readonly index: number | null;
}

const insideOf = ({ path, key, index }: Open): Path =>
  index === null ? (key === null ? path : [...path, key]) : [...path, index];

/** Where writing stands after one more sign that is no letter. */
function stepped(open: readonly Open[], sign: string, word: string): readonly Open[] {
  const top = open.at(-1);
  if (top === undefined) return open;
  switch (sign) {
    case '{':
    case '[':
      return [...open, { path: insideOf(top), key: null, index: sign === '[' ? 0 : null }];
    case '}':
    case ']':
      return open.length > 1 ? open.slice(0, -1) : open;
    case ',':
      return [...open.slice(0, -1), { ...top, key: null, index: next(top.index) }];
    default:
      return top.index === null && top.key === null
        ? [...open.slice(0, -1), { ...top, key: word }]
        : open;
  }
}

const next = (index: number | null): number | null => (index === null ? null : index + 1);

/** Follows `{ … [ …` within a line. */
function withinLine(path: Path, key: string | null, value: string): WritingPlace {
  let open: readonly Open[] = [{ path, key, index: null }];
  let word = '';
  for (const sign of value) {
    // Outside of brackets a comma or a colon is a letter like others.
    const isSign = '{[}]'.includes(sign) || (open.length > 1 && ',:'.includes(sign));
    if (isSign) {
      open = stepped(open, sign, word);
      word = '';
    } else if (!/\s/.test(sign)) word += sign;
  }
  const top = open.at(-1) ?? { path, key, index: null };
  if (top.index !== null) return { path: insideOf(top), key: null, word, isKey: false };
  return { path: top.path, key: top.key, word, isKey: open.length > 1 && top.key === null };
}

/** Finds the place of an offset by indentation: what is being written need not be YAML yet. */
export function placeAt(text: string, offset: number): WritingPlace {
  const lines = text.slice(0, offset).split('\n');
  const last = lines.pop() ?? '';
  let levels: Level[] = [];
  for (const line of lines) {
    const bare = line.trimEnd();
    if (bare.trim() === '' || bare.trimStart().startsWith('#')) continue;
    levels = entered(levels, bare).levels;
  }
  const indent = last.length - last.trimStart().length;
  const isBlank = last.trim() === '';
  const here = isBlank
    ? { levels: levels.filter((level) => level.indent < indent), rest: '' }
    : entered(levels, last);
  const path = here.levels.map(({ at }) => at);
  if (!here.rest.startsWith(': ')) {
    const isFlow = /^[{[]/.test(here.rest);
    if (isFlow) return withinLine(path, null, here.rest);
    return { path, key: null, word: here.rest, isKey: true };
  }
  return withinLine(path.slice(0, -1), String(path.at(-1)), here.rest.slice(2));
}
