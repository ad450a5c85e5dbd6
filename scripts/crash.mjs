import { main } from './lib/say.mjs';
import { runTests } from './lib/vitest.mjs';
import { setUpForTests } from './setup.mjs';

await main(async () => {
  const { ready, failed } = await setUpForTests();
  if (ready) process.exitCode = await runTests(['tests/crash', ...process.argv.slice(2)], failed);
});
