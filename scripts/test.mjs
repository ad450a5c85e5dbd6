import { main } from './lib/say.mjs';
import { runTests } from './lib/vitest.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  if (await setUp()) process.exitCode = await runTests(process.argv.slice(2));
});
