import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib/places.mjs';
import { problemPages } from './lib/problem-docs.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

/** Writes docs/problems from the catalogues, as they were built. */
await main(async () => {
  if (!(await setUp())) return;
  const { API_REFUSALS, CATALOGUE } = await import('../dist/libs/contracts/src/index.js');
  const { SETTING_PROBLEMS } = await import('../dist/libs/config/src/index.js');
  const { HTTP_PROBLEMS } = await import('../dist/apps/api/src/http/problems.js');
  const catalogues = {
    settings: SETTING_PROBLEMS,
    workspace: CATALOGUE,
    http: HTTP_PROBLEMS,
    api: API_REFUSALS,
  };
  mkdirSync(inRoot('docs', 'problems'), { recursive: true });
  const pages = problemPages(catalogues);
  for (const name of readdirSync(inRoot('docs', 'problems'))) {
    if (!pages.has(name)) rmSync(inRoot('docs', 'problems', name));
  }
  for (const [name, text] of pages) writeFileSync(inRoot('docs', 'problems', name), text);
});
