import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WorkspaceFolder } from '#libs/application';
import { misuse } from './cli-error.js';

/** A workspace's folder; one that is none is a misuse. */
export async function readWorkspace(folder: string): Promise<WorkspaceFolder> {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw misuse(`Le dossier ${folder} n’existe pas.`, `The folder ${folder} does not exist.`, {
      fr: 'Donnez le dossier de l’espace de travail, ou RELANCE_WORKSPACE.',
      en: 'Name the folder of the workspace, or set RELANCE_WORKSPACE.',
    });
  }
  const { readWorkspaceFolder } = await import('#libs/application');
  return await readWorkspaceFolder(root);
}
