import { ensureBuild, isBuilt } from './lib/build.mjs';
import { ensurePackages, packagesAreStamped } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';
import { reRunUnderRightNode } from './lib/node.mjs';
import { inRoot } from './lib/places.mjs';

/**
 * All set-up a command needs, in order: the right Node, the packages, the build. Quick when there
 * is nothing to do. Answers false when the script was run again under another Node, which has done
 * everything: the caller then returns.
 */
export async function setUp() {
  if (await reRunUnderRightNode()) return false;
  if (packagesAreStamped() && isBuilt()) return true;
  await withLock(inRoot('.tools', 'setup.lock'), async () => {
    await ensurePackages();
    await ensureBuild();
  });
  return true;
}
