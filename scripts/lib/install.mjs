import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { inRoot } from './places.mjs';
import { runNpm } from './run.mjs';
import { doing, SetUpError } from './say.mjs';
import { contentStamp, isStamped, writeStamp } from './stamp.mjs';

const STAMP = 'node_modules/.relance-stamp';

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(inRoot(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether what npm says it installed is what the lock asks for, as after a developer's install. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const held = readPackages('node_modules/.package-lock.json');
  if (wanted === undefined || held === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === '') return true;
    const found = held[path];
    if (found === undefined) return optional === true || devOptional === true;
    return found.version === version && (integrity === undefined || found.integrity === integrity);
  });
}

async function installPackages() {
  const text = { fr: 'Installation des paquets (npm ci)', en: 'Installing packages (npm ci)' };
  await doing(text, async () => {
    const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    let { code, output } = await runNpm(['ci', ...flags]);
    // npm refuses a lock that leaves out an optional package of some other platform, as locks do
    // that were written where the registry lacks it. Installing by the lock all the same is right.
    if (code !== 0 && /EUSAGE/.test(output)) {
      ({ code, output } = await runNpm(['install', '--no-save', ...flags]));
    }
    if (code === 0) return;
    const failed = { fr: "« npm ci » n'a pas abouti :", en: '"npm ci" failed:' };
    throw new SetUpError(failed, output);
  });
}

/** Makes `npx relance` find its command at once, without asking npm to link the package first. */
function linkCommand() {
  const link = inRoot('node_modules', '.bin', 'relance');
  if (process.platform === 'win32' || !existsSync(inRoot('node_modules', '.bin'))) return;
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
    symlinkSync('../../scripts/relance.mjs', link);
  }
}

/** True where the packages of the lock are installed and known to be. */
export const packagesAreStamped = () => isStamped(STAMP, contentStamp('package-lock.json'));

/** Installs the packages of package-lock.json unless they are. */
export async function ensurePackages() {
  if (packagesAreStamped()) return;
  if (!isInstalled()) await installPackages();
  linkCommand();
  writeStamp(STAMP, contentStamp('package-lock.json'));
}
