import type { Problem } from '#libs/kernel';
import { lintWorkspace } from '../workspace/lint-workspace.js';
import { changed, type Changes } from './changed-sample.js';

/** What lint tells of the sample with changes. */
export function problems(changes: Changes): readonly Problem[] {
  return lintWorkspace(changed(changes)).problems;
}

/** The same as `file:line:column code`, warnings with a question mark. */
export function told(changes: Changes): readonly string[] {
  return problems(changes).map(
    ({ code, severity, place }) =>
      `${place?.file}:${place?.line}:${place?.column} ${code}${severity === 'error' ? '' : '?'}`,
  );
}

/** A scenario of its own, so that places stay readable: steps begin at line 7. */
export const trial = (steps: string, head = ''): Changes => ({
  'trial.yaml': `scenario: trial
name: { fr: Essai, en: Trial }
purpose: marketing
${head === '' ? 'entry: { on: signed_up }' : head}
limits: { max_age: 30d }
steps:
${steps}
  - exit: done
`,
});
