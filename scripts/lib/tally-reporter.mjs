import { writeFileSync } from 'node:fs';

/** Counts a run of vitest into the file that RELANCE_TALLY names. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: 0, skippedNames: [] };
    for (const module of modules) {
      let failedInModule = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') tally.passed += 1;
        else if (state === 'failed') failedInModule += 1;
        else {
          tally.skipped += 1;
          tally.skippedNames.push(`${module.relativeModuleId}: ${test.fullName}`);
        }
      }
      // A file that cannot even be loaded has no tests, and is a failure.
      tally.failed += failedInModule;
      if (failedInModule === 0 && module.state() === 'failed') tally.failed += 1;
    }
    writeFileSync(process.env.RELANCE_TALLY, JSON.stringify(tally));
  }
}
