import {
  Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** A path from the root of a document: keys and indices. */
export type Path = readonly (string | number)[];

/** A piece of text that another takes the place of, in UTF-16 units. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A file as it is being written: it may be broken anywhere. */
export interface Written {
  readonly text: string;
  readonly document: Document;
  /** False where the YAML itself cannot be read; what could be is there all the same. */
  readonly isReadable: boolean;
}

/** Reads as much of a text as can be. */
export function written(text: string): Written {
  const document = parseDocument(text, { strict: false, uniqueKeys: false, logLevel: 'silent' });
  return { text, document, isReadable: document.errors.length === 0 };
}

/** The node of a path; undefined where there is none. */
export function nodeAt({ document }: Written, path: Path): Node | undefined {
  const found = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(found) ? found : undefined;
}

/** Where a node starts. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where the content of a node ends, comments and line ends behind it left out. */
export function endOf(node: Node): number {
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  const last: unknown = isBlock ? node.items.at(-1) : undefined;
  if (isPair(last)) return endOfPair(last as Pair<Node, Node | null>);
  return isNode(last) ? endOf(last) : (node.range?.[1] ?? 0);
}

function endOfPair({ key, value }: Pair<Node, Node | null>): number {
  const isThere = value !== null && (value.range?.[1] ?? 0) > (value.range?.[0] ?? 0);
  // Behind a key alone stands its colon.
  return isThere ? endOf(value) : (key.range?.[1] ?? 0) + 1;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
};
const lineBreakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** A value in one line, `[ a, b ]`, as it may stand between others. */
export function inOneLine(value: unknown): string {
  const document = new Document([value]);
  if (isSeq(document.contents)) document.contents.flow = true;
  const line = document.toString({ lineWidth: 0, flowCollectionPadding: true }).trim();
  // Within `[ … ]`: a text that would end there is quoted.
  return line.slice(1, -1).trim();
}

/** Whole lines of an item of a block list: comments right above it are its own. */
export interface Lines {
  readonly from: number;
  readonly to: number;
  /** Blanks before the dash. */
  readonly indent: string;
}

/** Undefined where the item does not begin a line of its own. */
export function linesOf({ text }: Written, item: Node): Lines | undefined {
  const start = lineStart(text, startOf(item));
  const indent = /^( *)- +$/.exec(text.slice(start, startOf(item)))?.[1];
  if (indent === undefined) return undefined;
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!new RegExp(`^${indent} *#`).test(text.slice(above, from))) break;
    from = above;
  }
  return { from, to: lineEnd(text, endOf(item)), indent };
}

/** A value as an item of a block list, its lines moved in. */
export function asItem(value: unknown, indent: string, lineBreak: string): string {
  const lines = new Document([value]).toString({ lineWidth: 0 }).trimEnd().split('\n');
  return lines.map((line) => `${indent}${line}${lineBreak}`).join('');
}

/** Puts an item behind another of the same list, or first where `after` is -1. */
export function inserted(file: Written, list: YAMLSeq, after: number, value: unknown): Change[] {
  const { text } = file;
  const anchor = list.items[Math.max(after, 0)];
  if (!isNode(anchor)) {
    // An empty list is written `[]`.
    const [from = 0, to = 0] = list.range ?? [];
    return [{ from, to, insert: `[ ${inOneLine(value)} ]` }];
  }
  if (list.flow === true) {
    const at = after < 0 ? startOf(anchor) : endOf(anchor);
    const line = inOneLine(value);
    return [{ from: at, to: at, insert: after < 0 ? `${line}, ` : `, ${line}` }];
  }
  const lines = linesOf(file, anchor);
  if (lines === undefined) return [];
  const at = after < 0 ? lines.from : lines.to;
  const lineBreak = lineBreakOf(text);
  const isOpen = at > 0 && text.charAt(at - 1) !== '\n';
  const item = asItem(value, lines.indent, lineBreak);
  return [{ from: at, to: at, insert: isOpen ? lineBreak + item : item }];
}

/** Takes an item out of its list. */
export function removed(file: Written, list: YAMLSeq, index: number): Change[] {
  const item = list.items[index];
  if (!isNode(item)) return [];
  if (list.flow === true) return [cutOut(list.items as Node[], index, startOf, endOf)];
  const lines = linesOf(file, item);
  if (lines === undefined) return [];
  const { from, to } = lines;
  if (list.items.length > 1) return [{ from, to, insert: '' }];
  const lineBreak = lineBreakOf(file.text);
  return [{ from, to, insert: `${lines.indent}  []${lineBreak}` }];
}

function cutOut<Item>(
  items: readonly Item[],
  index: number,
  start: (item: Item) => number,
  end: (item: Item) => number,
): Change {
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
  const own = item === undefined ? 0 : start(item);
  const close = item === undefined ? 0 : end(item);
  if (after !== undefined) return { from: own, to: start(after), insert: '' };
  return { from: before === undefined ? own : end(before), to: close, insert: '' };
}

/** Swaps an item with the one behind it. */
export function swapped(file: Written, list: YAMLSeq, index: number): Change[] {
  const [one, other] = [list.items[index], list.items[index + 1]];
  if (!isNode(one) || !isNode(other)) return [];
  const [first, second] =
    list.flow === true
      ? [one, other].map((item) => ({ from: startOf(item), to: endOf(item) }))
      : [linesOf(file, one), linesOf(file, other)];
  if (first === undefined || second === undefined) return [];
  const { text } = file;
  const lineBreak = list.flow === true ? '' : lineBreakOf(text);
  const closed = (piece: string): string =>
    piece.endsWith('\n') || lineBreak === '' ? piece : piece + lineBreak;
  const between = text.slice(first.to, second.from);
  const up = closed(text.slice(second.from, second.to));
  const down = text.slice(first.from, first.to);
  return [{ from: first.from, to: second.to, insert: up + between + down }];
}

type Entry = Pair<Node, Node | null>;

const entriesOf = (map: YAMLMap): Entry[] => map.items as unknown as Entry[];

/** Sets a member of a map in one line; undefined takes it away. */
export function put(file: Written, map: YAMLMap, key: string, value: unknown): Change[] {
  const entries = entriesOf(map);
  const index = entries.findIndex((pair) => isScalar(pair.key) && pair.key.value === key);
  const pair = entries[index];
  if (pair === undefined) return value === undefined ? [] : added(file, map, key, value);
  if (value === undefined) return withoutEntry(file, map, index);
  const { value: old } = pair;
  if (isBlockList(old) && Array.isArray(value)) return sameItems(file, old, value);
  return [replaced(pair, inOneLine(value))];
}

const isBlockList = (node: unknown): node is YAMLSeq => isSeq(node) && node.flow !== true;

/** Puts a line in place of an entry's value, whatever it was. */
function replaced({ key, value: old }: Entry, line: string): Change {
  const colon = (key.range?.[1] ?? 0) + 1;
  if (old === null || endOf(old) <= startOf(old)) {
    return { from: colon, to: colon, insert: ` ${line}` };
  }
  const isBlock = isBlockList(old) || (isMap(old) && old.flow !== true);
  if (isBlock) return { from: colon, to: endOf(old), insert: ` ${line}` };
  return { from: startOf(old), to: endOf(old), insert: line };
}

function added(file: Written, map: YAMLMap, key: string, value: unknown): Change[] {
  const last = entriesOf(map).at(-1);
  const entry = `${key}: ${inOneLine(value)}`;
  const { text } = file;
  if (map.flow === true || last === undefined) {
    const [from = 0, to = 0] = map.range ?? [];
    if (last === undefined) return [{ from, to, insert: `{ ${entry} }` }];
    const at = endOfPair(last);
    return [{ from: at, to: at, insert: `, ${entry}` }];
  }
  const first = entriesOf(map)[0] ?? last;
  const column = startOf(first.key) - lineStart(text, startOf(first.key));
  const at = lineEnd(text, endOfPair(last));
  const lineBreak = lineBreakOf(text);
  const line = `${' '.repeat(column)}${entry}${lineBreak}`;
  return [{ from: at, to: at, insert: text.charAt(at - 1) === '\n' ? line : lineBreak + line }];
}

function withoutEntry({ text }: Written, map: YAMLMap, index: number): Change[] {
  const entries = entriesOf(map);
  const pair = entries[index];
  if (pair === undefined) return [];
  if (map.flow === true) return [cutOut(entries, index, ({ key }) => startOf(key), endOfPair)];
  const from = lineStart(text, startOf(pair.key));
  // Behind a dash it opens the item: without it the rest would move.
  if (text.slice(from, startOf(pair.key)).trim() !== '') return [];
  return [{ from, to: lineEnd(text, endOfPair(pair)), insert: '' }];
}

/** Items of a block list come and go one by one: what is written beside the others stays. */
function sameItems(file: Written, list: YAMLSeq, wanted: readonly unknown[]): Change[] {
  const there = list.toJSON() as unknown[];
  const gone = there.flatMap((one, index) => (wanted.includes(one) ? [] : [index]));
  const fresh = wanted.filter((one) => !there.includes(one));
  if (gone.length === there.length && there.length > 0 && fresh.length === 0) return [];
  const changes = gone.flatMap((index) => {
    const item = list.items[index];
    const lines = isNode(item) ? linesOf(file, item) : undefined;
    return lines === undefined ? [] : [{ from: lines.from, to: lines.to, insert: '' }];
  });
  if (fresh.length === 0) return changes;
  const [first] = inserted(file, list, list.items.length - 1, fresh[0]);
  if (first === undefined) return changes;
  const indent = /^\s*?( *)-/m.exec(first.insert)?.[1] ?? '';
  const more = fresh.slice(1).map((one) => asItem(one, indent, lineBreakOf(file.text)));
  return [...changes, { ...first, insert: first.insert + more.join('') }];
}

/** The text with changes made; they do not touch each other. */
export function changed(text: string, changes: readonly Change[]): string {
  return changes
    .toSorted((one, other) => other.from - one.from)
    .reduce((now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to), text);
}
