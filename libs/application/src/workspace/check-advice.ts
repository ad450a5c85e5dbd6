import { checkEntryReads } from './check-entry-reads.js';
import { checkHoles } from './check-holes.js';
import { checkCaps, checkQuietHours, checkShares, checkSmsSender } from './check-policies.js';
import { checkSupply } from './check-supply.js';
import { checkTriggers } from './check-triggers.js';
import { checkUnused } from './check-unused.js';
import { checkWaits } from './check-waits.js';
import { checkZones } from './check-zones.js';
import type { CompiledPolicies } from './compiled.js';
import type { ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';
import { graphOf } from './scenario-graph.js';
import type { WorkspaceScope } from './scope.js';
import type { ActionReads } from './world.js';

/** What the checks of meaning look at, once every file is known by itself. */
export interface AdviceWorld {
  readonly locales: readonly string[];
  readonly scope: WorkspaceScope;
  readonly policies: CompiledPolicies;
  readonly actionReads: ReadonlyMap<string, ActionReads>;
}

/** Everything that is well-formed and yet not what its author means. */
export function checkAdvice(list: ProblemList, read: WorkspaceFiles, world: AdviceWorld): void {
  const { relance } = read;
  for (const file of read.scenarios) {
    const graph = graphOf(file.value, world.locales);
    checkWaits(list, file, graph);
    if (relance !== undefined) checkTriggers(list, file, { graph, relance: relance.value });
  }
  if (read.policies !== undefined) checkQuietHours(list, read.policies);
  checkShares(list, read);
  checkCaps(list, read, world.policies);
  checkSmsSender(list, read);
  checkZones(list, read);
  checkSupply(list, read, world.scope.events);
  checkHoles(list, read);
  // Of files that are wrong in themselves the rest would only be an echo.
  if (list.problems.some(({ severity }) => severity === 'error')) return;
  for (const file of read.scenarios) checkEntryReads(list, file, world);
  checkUnused(list, read);
}
