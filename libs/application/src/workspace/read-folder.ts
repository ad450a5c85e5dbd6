import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_LIMITS, problemOf, roleOf, WORKSPACE_LIMITS } from '#libs/contracts';
import type { Problem } from '#libs/kernel';
import { topOf } from './read-files.js';

/** A workspace's folder as it was read. */
export interface WorkspaceFolder {
  /** Texts by path inside the folder, `/`-separated, in order of path. */
  readonly files: ReadonlyMap<string, string>;
  /** What could not be taken in; errors, for `lintWorkspace` to tell with its own. */
  readonly problems: readonly Problem[];
}

/** Files whose text configures something: one that cannot be read must be told, not left out. */
const CONFIGURES = /\.(ya?ml|json|mjml|hbs)$/;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a workspace's folder as `lint`, `apply` and the first start all see it. What begins with a
 * dot is no part of it: `init` puts the home, with its secrets and databases, in `.relance`, and git
 * keeps its own beside. Nor are packages, and files that hold no text, such as pictures. Links are
 * not followed, since they may lead anywhere; one that seems to configure something is told.
 * Rejects where the folder cannot be read.
 */
export async function readWorkspaceFolder(folder: string): Promise<WorkspaceFolder> {
  const files = new Map<string, string>();
  const problems: Problem[] = [];
  const limit = WORKSPACE_LIMITS.files;
  let count = 0;
  for await (const { path, isLink } of pathsIn(folder)) {
    if (isLink) {
      if (await mayConfigure(join(folder, path), path)) {
        problems.push(problemOf('RLN-1320', topOf(path), { path }));
      }
      continue;
    }
    count += 1;
    if (count > limit) {
      problems.push(problemOf('RLN-1108', topOf('relance.yaml'), { limit }));
      break;
    }
    const { size } = await stat(join(folder, path));
    if (size > WORKSPACE_LIMITS.fileBytes) {
      // Left out without a word, a scenario that has grown would be taken for one removed.
      if (CONFIGURES.test(path)) problems.push(tooLarge(path, size));
      continue;
    }
    const text = textOf(path, await readFile(join(folder, path)));
    if (text !== null) files.set(path, text);
  }
  return { files, problems };
}

function tooLarge(path: string, bytes: number): Problem {
  const most = roleOf(path).role === 'kind' ? FILE_LIMITS.length : WORKSPACE_LIMITS.fileBytes;
  return problemOf('RLN-1002', topOf(path), { size: Math.ceil(bytes / 1024), limit: most / 1024 });
}

/** Null where the file is no text and need not be. */
function textOf(path: string, bytes: Buffer): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch {
    // With what could be read of it, the check of its content says what is wrong.
    return CONFIGURES.test(path) ? bytes.toString('utf8') : null;
  }
}

/** Paths of the files, folder by folder; hidden folders are not even entered. */
async function* pathsIn(
  folder: string,
  within = '',
): AsyncGenerator<{ readonly path: string; readonly isLink: boolean }> {
  const entries = await readdir(join(folder, within), { withFileTypes: true });
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory()) yield* pathsIn(folder, path);
    else if (entry.isFile()) yield { path, isLink: false };
    else if (entry.isSymbolicLink()) yield { path, isLink: true };
  }
}

/** Whether a link stands where a file of ours or a folder of them would. */
async function mayConfigure(link: string, path: string): Promise<boolean> {
  if (CONFIGURES.test(path)) return true;
  const target = await stat(link).catch(() => null);
  return target?.isDirectory() === true;
}
