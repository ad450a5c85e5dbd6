import { whenNpmIsGone } from './lib/orphan.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  if (!(await setUp())) return;
  whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'));
  // The supervisor runs in this process: one less between a signal and those it is for.
  await import('../dist/apps/standalone/src/main.js');
});
