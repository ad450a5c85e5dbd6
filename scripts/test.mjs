import { spawnSync } from 'node:child_process';
import { inRoot } from './lib/places.mjs';
import { main } from './lib/say.mjs';
import { runTests } from './lib/vitest.mjs';
import { setUpForTests } from './setup.mjs';

await main(async () => {
  const { ready, failed } = await setUpForTests();
  if (!ready) return;
  // Where a missing browser is a failure, it is installed first; elsewhere its tests are left out.
  if (process.env.CI === 'true') {
    spawnSync(process.execPath, [inRoot('scripts/install-chromium.mjs')], { stdio: 'inherit' });
  }
  process.exitCode = await runTests(process.argv.slice(2), failed);
});
