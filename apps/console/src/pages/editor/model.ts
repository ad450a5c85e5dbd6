import { isMap, isNode, isSeq, type Node } from 'yaml';
import { endOf, nodeAt, startOf, written, type Path, type Written } from './yaml-text.js';

/** A step as written, whatever state its text is in. */
export interface OutlineStep {
  /** As the engine names it: the author's id, or its place. */
  readonly id: string;
  readonly type: string;
  /** Of its object in the file: `steps.3`. */
  readonly path: Path;
  readonly from: number;
  readonly to: number;
  /** What its type holds. */
  readonly body: unknown;
  readonly blocks: readonly OutlineBlock[];
}

/** Steps in a row, with what leads to them. */
export interface OutlineBlock {
  /** Of its list, which may not be written yet. */
  readonly path: Path;
  readonly kind: 'main' | 'then' | 'else' | 'branch' | 'otherwise';
  /** An arm's name, or the condition of a branch. */
  readonly label: string;
  readonly steps: readonly OutlineStep[];
}

/** A scenario as far as its text can be read. */
export interface Outline {
  readonly file: Written;
  readonly id: string;
  readonly names: Readonly<Record<string, string>>;
  readonly entry: Readonly<Record<string, unknown>>;
  readonly entryFrom: number;
  readonly main: OutlineBlock;
  /** Every step, in the order of the file. */
  readonly steps: readonly OutlineStep[];
}

/** Whether a file of the workspace holds a scenario: only those have a path to draw. */
export const isScenarioPath = (path: string): boolean =>
  /^(?!(?:relance|profile|policies)\.)[^/]+\.ya?ml$/.test(path) && !/\.test\.ya?ml$/.test(path);

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a map; none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** A text, empty where it is none. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Reads the outline of a scenario's text. */
export function outlineOf(text: string): Outline {
  const file = written(text);
  const top = fieldsOf(valueOf(nodeAt(file, [])));
  const steps: OutlineStep[] = [];
  const main = blockAt({ file, steps }, ['steps'], { kind: 'main', label: '', prefix: '' });
  const entry = nodeAt(file, ['entry']);
  return {
    file,
    id: textOf(top['scenario']),
    names: Object.fromEntries(
      Object.entries(fieldsOf(top['name'])).map(([locale, name]) => [locale, textOf(name)]),
    ),
    entry: fieldsOf(top['entry']),
    entryFrom: entry === undefined ? 0 : startOf(entry),
    main,
    steps: steps.toSorted((one, other) => one.from - other.from),
  };
}

/** The step that the text at an offset belongs to: the innermost. */
export function stepAt({ steps }: Outline, offset: number): OutlineStep | undefined {
  return steps.findLast(({ from, to }) => from <= offset && offset <= to);
}

interface Reading {
  readonly file: Written;
  readonly steps: OutlineStep[];
}

function valueOf(node: Node | undefined): unknown {
  try {
    return node?.toJSON() as unknown;
  } catch {
    // An alias of nothing: the lint says so.
    return undefined;
  }
}

function blockAt(
  reading: Reading,
  path: Path,
  of: Pick<OutlineBlock, 'kind' | 'label'> & { readonly prefix: string },
): OutlineBlock {
  const { kind, label, prefix } = of;
  const list = nodeAt(reading.file, path);
  const counts = new Map<string, number>();
  const items: unknown[] = isSeq(list) ? list.items : [];
  const steps = items.flatMap((item, index) => {
    if (!isNode(item)) return [];
    const [type = '', body] = isMap(item) ? (Object.entries(fieldsOf(valueOf(item)))[0] ?? []) : [];
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const id = textOf(fieldsOf(body)['id']) || `${prefix}${type}-${count}`;
    const at = [...path, index];
    const blocks = blocksOf(reading, { id, type, body, path: [...at, type] });
    const step = { id, type, path: at, from: startOf(item), to: endOf(item), body, blocks };
    reading.steps.push(step);
    return [step];
  });
  return { path, kind, label, steps };
}

interface Placed {
  readonly id: string;
  readonly type: string;
  readonly body: unknown;
  readonly path: Path;
}

function blocksOf(reading: Reading, { id, type, body, path }: Placed): OutlineBlock[] {
  const fields = fieldsOf(body);
  const branchesAt = (list: unknown, at: Path, label: (branch: Fields, index: number) => string) =>
    (Array.isArray(list) ? (list as unknown[]) : []).map((one, index) => {
      const branch = fieldsOf(one);
      const name = textOf(branch['name']);
      const isRest = branch['otherwise'] === true;
      return blockAt(reading, [...at, index, 'then'], {
        kind: isRest ? 'otherwise' : 'branch',
        label: label(branch, index),
        prefix: `${id}/${name || (isRest ? 'otherwise' : `when-${index + 1}`)}/`,
      });
    });
  if (type === 'split') {
    const isList = Array.isArray(body);
    const list = isList ? body : fields['branches'];
    return branchesAt(
      list,
      isList ? path : [...path, 'branches'],
      (branch) => textOf(branch['name']) || textOf(branch['when']),
    );
  }
  if (type === 'experiment') {
    return branchesAt(fields['arms'], [...path, 'arms'], (arm) => textOf(arm['name']));
  }
  const own = type === 'wait_for' ? ['then', 'else'] : [];
  // Kinds of step that came after this editor still show what they hold.
  const others = ['then', 'else', 'steps'].filter((key) => Array.isArray(fields[key]));
  return [...new Set([...own, ...others])].map((key) =>
    blockAt(reading, [...path, key], {
      kind: key === 'then' || key === 'else' ? key : 'branch',
      label: '',
      prefix: `${id}/${key}/`,
    }),
  );
}
