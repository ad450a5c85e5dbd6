import { mkdirSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib/places.mjs';
import { problemPage } from './lib/problem-docs.mjs';
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
  for (const [locale, file] of [
    ['en', 'README.md'],
    ['fr', 'README.fr.md'],
  ]) {
    writeFileSync(inRoot('docs', 'problems', file), problemPage(locale, catalogues));
  }
});
