import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintWorkspace } from './lint-workspace.js';

const ROOT = join(import.meta.dirname, '../../../..');

/** Every file below a folder, by its path inside it. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  const root = join(ROOT, folder);
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(root, path), readFileSync(path, 'utf8'));
  }
  return files;
}

describe('the workspaces that ship with the product', () => {
  for (const folder of ['scenarios', 'tests/workspaces/online-retail']) {
    it(`${folder} has no problem`, () => {
      const { workspace, problems } = lintWorkspace(filesIn(folder));
      const told = problems.map(({ code, place, message, hint }) =>
        [`${place?.file}:${place?.line}:${place?.column}`, code, message['en'], hint?.['en']].join(
          ' ',
        ),
      );
      expect(told).toEqual([]);
      expect(workspace?.hash).toMatch(/^[a-z2-7]{26}$/);
    });
  }
});
