import { compileTextTemplate, renderText, withDefaults } from '#libs/channel-email';
import type { CompiledTemplate, RenderText } from '#libs/application';

const cache = new Map<string, CompiledTemplate | null>();
const MOST_CACHED = 1_000;

/** Compiles the texts of tasks beforehand, so that rendering them inside a transaction is immediate. */
export async function prepareTaskText(source: string): Promise<void> {
  if (cache.has(source)) return;
  if (cache.size >= MOST_CACHED) cache.clear();
  const compiled = await compileTextTemplate({ id: 'task', locales: { fr: source } });
  cache.set(source, compiled.ok ? compiled.value : null);
}

// Stands where a value is missing: it is no blank, which would be refused again, and nobody writes it.
const HOLE = '\u2060';
const MOST_HOLES = 20;

/**
 * The text with its variables, those that are missing left out; null where it was never prepared or
 * cannot be written at all.
 */
export const renderTaskText: RenderText = (source, { variables, format }) => {
  const template = cache.get(source);
  if (template === undefined || template === null) return null;
  let filled = variables;
  for (let holes = 0; holes <= MOST_HOLES; holes += 1) {
    const rendered = renderText(template, 'fr', { ...filled, format });
    if (rendered.ok) return withoutHoles(rendered.value.text);
    const { code, variable } = rendered.error;
    if (code !== 'missing_variable' || variable === undefined) return null;
    filled = withDefaults(filled, { [variable]: HOLE });
  }
  return null;
};

const withoutHoles = (text: string): string =>
  text.includes(HOLE) ? text.replaceAll(HOLE, '').replace(/ {2,}/g, ' ').trim() : text;
