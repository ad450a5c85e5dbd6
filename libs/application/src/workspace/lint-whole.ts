import { contentHash, type Problem } from '#libs/kernel';
import type { CompiledTemplateSource } from './compiled.js';
import type { CheckRule } from './check-rule.js';
import { lintWorkspace, type LintResult } from './lint-workspace.js';
import type { PlacedText } from './placed-texts.js';
import { inOrder } from './problem-list.js';

/**
 * Tells what keeps e-mail templates, and the texts of SMS and tasks, from being compiled, as the
 * channel that sends them does it.
 */
export type CheckTemplates = (
  templates: readonly Pick<CompiledTemplateSource, 'id' | 'locales'>[],
  texts: readonly PlacedText[],
) => Promise<readonly Problem[]>;

/**
 * `lintWorkspace` with the calendar's rules, and then the templates and texts as the sending channel
 * reads them: one that does not compile would send nothing, in silence, in place of the good one
 * before it.
 */
export async function lintWhole(
  files: ReadonlyMap<string, string>,
  checkTemplates: CheckTemplates,
  found: readonly Problem[] = [],
  checkRule?: CheckRule,
): Promise<LintResult> {
  const linted = lintWorkspace(files, found, checkRule);
  if (linted.workspace === undefined) return linted;
  const broken = await checkTemplates(linted.workspace.templates, linted.texts ?? []);
  if (broken.length === 0) return linted;
  return { problems: inOrder([...linted.problems, ...broken]) };
}

/**
 * Remembers what the last templates were found to be: a draft is checked at every few keys, and
 * seldom changes a template.
 */
export function sameAgain(check: CheckTemplates): CheckTemplates {
  let last: { readonly hash: string; readonly found: readonly Problem[] } | null = null;
  return async (templates, texts) => {
    const hash = contentHash([templates, texts]);
    if (last?.hash === hash) return last.found;
    const found = await check(templates, texts);
    last = { hash, found };
    return found;
  };
}
