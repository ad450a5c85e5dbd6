import { compileTextTemplate, renderText } from '#libs/channel-email';
import type { CompiledTemplate } from '#libs/application';

const cache = new Map<string, CompiledTemplate | null>();
const MOST_CACHED = 1_000;

/** Compiles the texts of tasks beforehand, so that rendering them inside a transaction is immediate. */
export async function prepareTaskText(source: string): Promise<void> {
  if (cache.has(source)) return;
  if (cache.size >= MOST_CACHED) cache.clear();
  const compiled = await compileTextTemplate({ id: 'task', locales: { fr: source } });
  cache.set(source, compiled.ok ? compiled.value : null);
}

/** The text with its variables, or null where one is missing or the text was never prepared. */
export function renderTaskText(source: string, variables: object): string | null {
  const template = cache.get(source);
  if (template === undefined || template === null) return null;
  const rendered = renderText(template, 'fr', variables);
  return rendered.ok ? rendered.value.text : null;
}
