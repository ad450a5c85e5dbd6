import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { lintWorkspace } from '#libs/application';
import {
  PostgresPublishedWorkspaces,
  PostgresWorkspaceStore,
  type Database,
} from '#libs/adapter-postgres';
import { localised, type EpochMs } from '#libs/kernel';

const MOST_FILES = 5_000;

/** Every file of a workspace's folder by its path within it, `/`-separated. */
export async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || files.size >= MOST_FILES) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8'));
  }
  return files;
}

/** Publishes the workspace's folder where nothing was published yet: the first start of a home. */
export async function publishFolder(
  database: Database,
  given: {
    readonly folder: string;
    readonly nowMs: EpochMs;
    readonly failed: (problem: string) => void;
  },
): Promise<void> {
  if ((await new PostgresPublishedWorkspaces(database).current()) !== null) return;
  const files = await readFolder(given.folder);
  const linted = lintWorkspace(files);
  if (linted.workspace === undefined) {
    for (const problem of linted.problems
      .filter((each) => each.severity === 'error')
      .slice(0, 20)) {
      const { place } = problem;
      const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column} `;
      given.failed(`${where}${problem.code} ${localised(problem.message, 'fr')}`);
    }
    return;
  }
  const compiled = linted.workspace;
  const store = new PostgresWorkspaceStore();
  await database.transaction((tx) =>
    store.apply(tx, { files, compiled, author: 'relance', nowMs: given.nowMs }),
  );
}
