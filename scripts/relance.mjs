#!/usr/bin/env node
import { whenNpmIsGone } from './lib/orphan.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

const [command, ...options] = process.argv.slice(2);
// A plain `up` is the supervisor itself, in this process: nothing between it and its signals.
const isUp = command === 'up' && options.every((option) => /^--(empty|json)$/.test(option));

await main(async () => {
  if (!(await setUp())) return;
  if (!isUp) {
    await import('../dist/apps/cli/src/main.js');
    return;
  }
  whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'));
  await import('../dist/apps/standalone/src/main.js');
});
