#!/usr/bin/env node
import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  if (await setUp()) await import('../dist/apps/cli/src/main.js');
});
