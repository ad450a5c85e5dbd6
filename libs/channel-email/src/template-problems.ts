import { problemOf } from '#libs/contracts';
import type { EmailTemplateSource, PlacedText, TemplateProblem } from '#libs/application';
import type { Problem } from '#libs/kernel';
import { compileEmailTemplate, compileTextTemplate } from './template-compile.js';

const FILES: Readonly<Record<TemplateProblem['part'], (locale: string) => string>> = {
  subject: (locale) => `subject.${locale}.hbs`,
  mjml: (locale) => `body.${locale}.mjml`,
  text: (locale) => `body.${locale}.txt.hbs`,
};

/** One line of what a parser drew over several. */
const oneLine = (detail: string): string => detail.replaceAll(/\s+/g, ' ').trim().slice(0, 300);

/**
 * Why templates do not compile, each with its file and, where it is known, its line; and the same of
 * the texts of SMS and tasks that other files hold.
 */
export async function emailTemplateProblems(
  templates: readonly Pick<EmailTemplateSource, 'id' | 'locales'>[],
  texts: readonly PlacedText[] = [],
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
  for (const text of texts) problems.push(...(await textProblems(text)));
  return problems;
}

async function textProblems(text: PlacedText): Promise<readonly Problem[]> {
  const { source, locale } = text;
  const compiled = await compileTextTemplate({ id: 'text', locales: { [locale]: source } });
  if (compiled.ok) return [];
  return compiled.error.map(({ detail, line = 1 }) =>
    problemOf('RLN-1412', text.placeIn(offsetOfLine(source, line)), { detail: oneLine(detail) }),
  );
}

/** Where a line of a text begins, counted from 1. */
function offsetOfLine(source: string, line: number): number {
  const before = source.split('\n').slice(0, line - 1);
  return before.reduce((sum, each) => sum + each.length + 1, 0);
}
