import type { TestCase } from '#libs/application';
import { branchesOf } from './branches.js';
import { runCase, type TestReport, type TestWorld } from './run-case.js';

/** Which ways of a scenario its tests take. */
export interface Coverage {
  readonly scenario: string;
  /** `step: branch`, `exit: name` for rules that end it anywhere, a step's id where it has one way. */
  readonly branches: readonly string[];
  readonly untaken: readonly string[];
}

/** What a workspace's tests came to. */
export interface SuiteReport {
  readonly reports: readonly TestReport[];
  readonly coverage: readonly Coverage[];
}

/** Runs every case, one after the other; `only` names the one scenario to look at. */
export async function runSuite(
  tests: readonly TestCase[],
  world: TestWorld,
  only: string | null = null,
): Promise<SuiteReport> {
  const reports: TestReport[] = [];
  for (const test of tests) {
    if (only === null || test.scenario === only) reports.push(await runCase(test, world));
  }
  const definitions = world.workspace.definitions.filter(
    ({ scenario }) => only === null || scenario === only,
  );
  const coverage = definitions.map((definition) => {
    const { scenario } = definition;
    const own = reports.filter(({ test }) => test.scenario === scenario);
    const branches = branchesOf(definition);
    const untaken = branches.filter((branch) => !own.some(({ taken }) => taken.has(branch)));
    return { scenario, branches, untaken };
  });
  return { reports, coverage };
}
