import { join } from 'node:path';
import { start } from './start.js';

process.exit(
  await start({
    args: process.argv.slice(2),
    programsOf: ({ checkoutDir }) => {
      const program = (app: string): string =>
        join(checkoutDir, 'dist', 'apps', app, 'src', 'main.js');
      return { api: program('api'), worker: program('worker') };
    },
  }),
);
