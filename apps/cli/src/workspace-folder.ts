import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { misuse, problem } from './cli-error.js';

const MOST_FILES = 2_000;
const MOST_BYTES = 1_048_576;

/** Files of a workspace's folder by path inside it, `/`-separated; dot files are left out. */
export async function readWorkspace(folder: string): Promise<Map<string, string>> {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw misuse(`Le dossier ${folder} n’existe pas.`, `The folder ${folder} does not exist.`, {
      fr: 'Donnez le dossier de l’espace de travail, ou RELANCE_WORKSPACE.',
      en: 'Name the folder of the workspace, or set RELANCE_WORKSPACE.',
    });
  }
  const files = new Map<string, string>();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isHidden(relative(root, path)))
    .sort();
  if (paths.length > MOST_FILES) {
    throw problem(
      `Plus de ${MOST_FILES} fichiers dans ${folder}.`,
      `More than ${MOST_FILES} files in ${folder}.`,
      { fr: 'Est-ce bien l’espace de travail ?', en: 'Is this the workspace?' },
    );
  }
  for (const path of paths) {
    const bytes = await readFile(path);
    const name = relative(root, path).split(sep).join('/');
    if (bytes.length > MOST_BYTES) continue;
    try {
      files.set(name, decoder.decode(bytes));
    } catch {
      // An image or another file that is no text: nothing of it is published. A file of ours that is
      // not UTF-8 must be told, so it is handed on with what could be read.
      if (/\.(ya?ml|json|mjml|hbs)$/.test(name)) files.set(name, bytes.toString('utf8'));
    }
  }
  return files;
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.') || part === 'node_modules');
}
