import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assert } from '#libs/kernel';

const ROOT = join(import.meta.dirname, '../../../../scenarios');

/** The files of the sample workspace, by path. */
export const SAMPLE: ReadonlyMap<string, string> = new Map(
  readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path): [string, string] => [relative(ROOT, path), readFileSync(path, 'utf8')]),
);

/** The scenario of the sample that most tests change. */
export const CART = 'abandoned-cart.yaml';

/** By path: a text replaced in a file, a file removed (null) or added. */
export type Changes = Readonly<Record<string, readonly [string, string] | string | null>>;

/** The sample with changes. A text to replace that is not there is a fault of the test. */
export function changed(changes: Changes): ReadonlyMap<string, string> {
  const files = new Map(SAMPLE);
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) files.delete(path);
    else if (typeof change === 'string') files.set(path, change);
    else {
      const before = files.get(path) ?? '';
      assert(before.includes(change[0]), `${path} does not hold ${change[0]}`);
      files.set(path, before.replace(change[0], change[1]));
    }
  }
  return files;
}
