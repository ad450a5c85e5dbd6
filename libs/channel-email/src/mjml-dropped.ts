import type { TemplateProblem } from '#libs/application';

const TAG = /\{\{\{?[^{}]*\}?\}\}/g;
/** Defaults that no element may use: what stands in them may go without a loss. */
const NOT_WRITTEN = /<!--[\s\S]*?-->|<mj-attributes\b[\s\S]*?<\/mj-attributes>/gi;

/**
 * The template tags that MJML left out. It drops text between its elements without a word, so that
 * an `{{#if}}` around a section would vanish and everyone would see the section.
 */
export function droppedTags(
  mjml: string,
  html: string,
): Pick<TemplateProblem, 'code' | 'detail' | 'line'>[] {
  const left = new Map<string, number>();
  for (const [tag] of html.matchAll(TAG)) {
    const key = normal(tag);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  // Blanked rather than cut, so that line numbers hold.
  const written = mjml.replace(NOT_WRITTEN, (part) => part.replace(/[^\n]/g, ' '));
  return [...written.matchAll(TAG)].flatMap((match) => {
    const key = normal(match[0]);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    if (count > 0) return [];
    const line = written.slice(0, match.index).split('\n').length;
    return [{ code: 'mjml_invalid' as const, detail: `${match[0]} must stand in an mj-raw`, line }];
  });
}

/** MJML may write blanks and quotation marks in another way. */
function normal(tag: string): string {
  return tag.replace(/&(?:quot|#34|apos|#39);/g, '"').replace(/[\s"']+/g, '');
}
