import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvariantError } from '#libs/kernel';

function isOurs(dir: string): boolean {
  const file = join(dir, 'package.json');
  return (
    existsSync(file) &&
    (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'relance'
  );
}

/** The folder this program was checked out or installed in: the one with its package.json. */
export function checkoutDir(): string {
  for (
    let dir = dirname(fileURLToPath(import.meta.url));
    dir !== dirname(dir);
    dir = dirname(dir)
  ) {
    if (isOurs(dir)) return dir;
  }
  throw new InvariantError('this code lies outside its package');
}
