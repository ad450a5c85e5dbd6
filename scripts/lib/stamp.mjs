import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './places.mjs';

const BUILT = /\.(ts|tsx|mts|json|css|html|svg|mjml|hbs|yaml)$/;
const NOT_BUILT = /\.test\.tsx?$/;

function* filesUnder(dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') yield* filesUnder(path);
    } else if (BUILT.test(entry.name) && !NOT_BUILT.test(entry.name)) {
      yield path;
    }
  }
}

/** Changes when a file that is built changes: names, sizes and times, not contents, to be quick. */
export function sourcesStamp(places) {
  const hash = createHash('sha256');
  for (const place of places) {
    const path = inRoot(place);
    const stat = statSync(path, { throwIfNoEntry: false });
    const files =
      stat?.isDirectory() === true
        ? [...filesUnder(path)].sort((a, b) => (a < b ? -1 : 1))
        : stat
          ? [path]
          : [];
    for (const file of files) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** SHA-256 of a file's content. */
export const contentStamp = (file) =>
  createHash('sha256')
    .update(readFileSync(inRoot(file)))
    .digest('hex');

/** Whether the stamp file holds this stamp. */
export function isStamped(file, stamp) {
  try {
    return readFileSync(inRoot(file), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Writes a stamp file. */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(inRoot(file)), { recursive: true });
  writeFileSync(inRoot(file), stamp);
}
