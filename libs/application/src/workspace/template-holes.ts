/** A variable that a text writes where it may be missing. */
export interface Hole {
  /** `profile.firstName`. */
  readonly path: string;
  readonly offset: number;
}

/** Roots whose fields not everybody has. */
const ROOT = /^(?:profile|account|entry)(?:\.\w+)+$/;

interface Block {
  readonly name: string;
  /** Paths that are there within the part of the block that is being read. */
  guards: readonly string[];
  /** Those of its other part. */
  readonly otherwise: readonly string[];
}

/**
 * The variables a text writes outside an `{{#if}}` that asks for them and without `{{default ...}}`.
 * Reads mustaches by their outline, as `variablesOf` does; within `#each` and `#with`, where a path
 * may be an element's, it looks for nothing.
 */
export function holesOf(source: string): readonly Hole[] {
  const holes: Hole[] = [];
  const blocks: Block[] = [];
  for (const mustache of source.matchAll(/\{\{\{?~?([#/^!]?)([^{}]*)\}?\}\}/g)) {
    const [whole, sign = '', written = ''] = mustache;
    const inner = written.trim().replace(/^~|~$/g, '').trim();
    if (sign === '!') continue;
    if (sign === '/') blocks.pop();
    else if (sign === '#') blocks.push(blockOf(inner));
    else if (sign === '^' || /^else\b/.test(inner)) turn(blocks);
    else holes.push(...holesIn(inner, { blocks, offset: mustache.index + whole.indexOf(inner) }));
  }
  return holes;
}

function blockOf(inner: string): Block {
  const [name = ''] = inner.split(/\s+/);
  const paths = pathsIn(inner);
  // Where several are asked for at once only `and` vouches for each.
  const sure = paths.length === 1 || /\(and\b/.test(inner) ? paths : [];
  if (name === 'unless') return { name, guards: [], otherwise: paths.length === 1 ? sure : [] };
  return { name, guards: name === 'if' ? sure : [], otherwise: [] };
}

/** `else`: the other part of the innermost block. */
function turn(blocks: Block[]): void {
  const block = blocks.at(-1);
  if (block !== undefined) block.guards = block.otherwise;
}

function holesIn(
  inner: string,
  at: { readonly blocks: readonly Block[]; readonly offset: number },
): readonly Hole[] {
  if (at.blocks.some(({ name }) => name === 'each' || name === 'with')) return [];
  if (/(^|\()\s*default\b/.test(inner)) return [];
  const guarded = at.blocks.flatMap(({ guards }) => guards);
  return pathsIn(inner)
    .filter((path) => !guarded.includes(path))
    .map((path) => ({ path, offset: at.offset + inner.indexOf(path) }));
}

/** The paths written in a mustache, literals left out. */
function pathsIn(inner: string): readonly string[] {
  const text = inner.replace(/"[^"]*"|'[^']*'/g, (literal) => ' '.repeat(literal.length));
  return (text.match(/(?<![\w./@])[A-Za-z_]\w*(?:\.\w+)+/g) ?? []).filter((path) =>
    ROOT.test(path),
  );
}
