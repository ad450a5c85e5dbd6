import { existsSync } from 'node:fs';
import { inRoot } from './places.mjs';
import { runQuietly } from './run.mjs';
import { doing, SetUpError } from './say.mjs';
import { isStamped, sourcesStamp, writeStamp } from './stamp.mjs';

const SHARED = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json'];
const ENGINE = ['libs', 'apps/api', 'apps/worker', 'apps/standalone', 'apps/cli'];

/** The two things that are built; each is built again when the stamp of its sources changes. */
const PARTS = [
  {
    stampFile: 'dist/.stamp-engine',
    places: [...SHARED, ...ENGINE],
    exists: () => true,
    text: { fr: 'Construction du moteur', en: 'Building the engine' },
    args: ['node_modules/typescript/bin/tsc', '-b'],
  },
  {
    stampFile: 'dist/.stamp-console',
    places: [...SHARED, 'libs', 'apps/console'],
    exists: () => existsSync(inRoot('apps/console/src/main.tsx')),
    text: { fr: 'Construction de la console', en: 'Building the console' },
    args: ['node_modules/vite/bin/vite.js', 'build', 'apps/console', '--logLevel', 'error'],
  },
];

function stale() {
  return PARTS.filter((part) => part.exists())
    .map((part) => ({ ...part, stamp: sourcesStamp(part.places) }))
    .filter(({ stampFile, stamp }) => !isStamped(stampFile, stamp));
}

/** True where nothing has to be built. */
export const isBuilt = () => stale().length === 0;

async function build({ args, stamp, stampFile, text }) {
  const { code, output } = await runQuietly(process.execPath, args);
  if (code !== 0) {
    const failed = { fr: `${text.fr} : échec.`, en: `${text.en}: failed.` };
    throw new SetUpError(failed, output);
  }
  writeStamp(stampFile, stamp);
}

/** Builds what changed since it was built last; both parts at once on two cores. */
export async function ensureBuild() {
  const parts = stale();
  if (parts.length === 0) return;
  const text = {
    fr: parts.map((part) => part.text.fr).join(' ; '),
    en: parts.map((part) => part.text.en).join('; '),
  };
  await doing(text, () => Promise.all(parts.map(build)));
}
