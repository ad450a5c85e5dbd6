import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  // The supervisor runs in this process: one less between a signal and those it is for.
  if (await setUp()) await import('../dist/apps/standalone/src/main.js');
});
