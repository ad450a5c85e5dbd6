import { main } from './lib/say.mjs';
import { setUp } from './setup.mjs';

// Set-up alone, for an image: packages and build, nothing started.
await main(async () => {
  await setUp();
});
