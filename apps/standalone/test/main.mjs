// The real start with stand-ins for api and worker.
import { join } from 'node:path';
import { start } from '../../../dist/apps/standalone/src/start.js';

const program = (role) => join(import.meta.dirname, `${role}.mjs`);
const programsOf = () => ({ api: program('api'), worker: program('worker') });
process.exit(await start({ args: process.argv.slice(2), programsOf }));
