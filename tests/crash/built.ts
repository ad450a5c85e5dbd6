import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkoutDir } from '#libs/config';

/** Builds apps, and whatever they stand on: what runs as a process of its own runs built. */
export function buildApps(apps: readonly string[]): void {
  const tsc = join(checkoutDir(), 'node_modules', 'typescript', 'bin', 'tsc');
  const folders = apps.map((app) => join(checkoutDir(), 'apps', app));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', ...folders], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}

/** The program of a built app. */
export const programOf = (app: string): string =>
  join(checkoutDir(), 'dist', 'apps', app, 'src', 'main.js');
