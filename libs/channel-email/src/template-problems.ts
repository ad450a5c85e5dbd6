import { problemOf } from '#libs/contracts';
import type { EmailTemplateSource, TemplateProblem } from '#libs/application';
import type { Problem } from '#libs/kernel';
import { compileEmailTemplate } from './template-compile.js';

const FILES: Readonly<Record<TemplateProblem['part'], (locale: string) => string>> = {
  subject: (locale) => `subject.${locale}.hbs`,
  mjml: (locale) => `body.${locale}.mjml`,
  text: (locale) => `body.${locale}.txt.hbs`,
};

/** One line of what a parser drew over several. */
const oneLine = (detail: string): string => detail.replaceAll(/\s+/g, ' ').trim().slice(0, 300);

/** Why templates do not compile, each with its file and, where it is known, its line. */
export async function emailTemplateProblems(
  templates: readonly Pick<EmailTemplateSource, 'id' | 'locales'>[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { id, locales } of templates) {
    const compiled = await compileEmailTemplate({ id, locales });
    if (compiled.ok) continue;
    for (const { locale, part, detail, line = 1 } of compiled.error) {
      const place = { file: `templates/${id}/${FILES[part](locale)}`, line, column: 1 };
      problems.push(problemOf('RLN-1410', place, { detail: oneLine(detail) }));
    }
  }
  return problems;
}
