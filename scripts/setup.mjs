import { ensureBuild, isBuilt } from './lib/build.mjs';
import { ensurePackages, packagesAreStamped } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';
import { reRunUnderRightNode } from './lib/node.mjs';
import { inRoot } from './lib/places.mjs';
import { SetUpError } from './lib/say.mjs';

/**
 * All set-up a command needs, in order: the right Node, the packages, the build. Quick when there
 * is nothing to do. Answers false when the script was run again under another Node, which has done
 * everything: the caller then returns.
 */
export async function setUp(build = ensureBuild) {
  if (await reRunUnderRightNode()) return false;
  if (packagesAreStamped() && isBuilt()) return true;
  await withLock(inRoot('.tools', 'setup.lock'), async () => {
    await ensurePackages();
    await build();
  });
  return true;
}

/** Set-up for tests, which run from sources: a build that fails is told in `failed`, not thrown. */
export async function setUpForTests() {
  let failed = 0;
  const ready = await setUp(async () => {
    try {
      await ensureBuild();
    } catch (error) {
      if (!(error instanceof SetUpError)) throw error;
      process.stderr.write(`${error.message}\n`);
      failed = 1;
    }
  });
  return { ready, failed };
}
