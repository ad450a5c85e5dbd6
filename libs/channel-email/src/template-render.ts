import type {
  CompiledTemplate,
  RenderedEmail,
  RenderProblem,
  TemplateVariables,
} from '#libs/application';
import { assert, fail, ok, present, type Result } from '#libs/kernel';
import { MissingVariable, RenderFailure } from './render-failure.js';
import { compiledLocales, type CompiledLocale, type CompiledText } from './template-compile.js';
import type { RenderState } from './template-helpers.js';

/** The bound of a rendered e-mail: subject, HTML and text together, bytes of UTF-8. */
export const RENDERED_MAX_BYTES = 512 * 1024;

const SUBJECT_MAX_CHARACTERS = 500;
const ITERATIONS_MAX = 10_000;

/**
 * Writes the e-mail of one person. Takes the locale asked for, else its language (`fr` for
 * `fr-CA`), else the template's first. Deterministic. Anything the template writes that is absent,
 * null or blank refuses with `missing_variable`: the message is withheld, never sent with a hole.
 */
export function renderEmail(
  template: CompiledTemplate,
  locale: string,
  variables: TemplateVariables,
): Result<RenderedEmail, RenderProblem> {
  assert(template.kind === 'email', 'an e-mail template');
  return rendering(template, locale, variables, (texts, chosen, state) => {
    const run = (text: CompiledText | undefined) => runText(text, variables, state);
    const subject = run(texts.subject).replace(/\s+/g, ' ').trim();
    if (subject === '') throw new RenderFailure('the subject is empty');
    if (subject.length > SUBJECT_MAX_CHARACTERS) throw new RenderFailure('the subject is too long');
    const rendered = { locale: chosen, subject, html: run(texts.html), text: run(texts.text) };
    bounded(rendered.subject, rendered.html, rendered.text);
    return rendered;
  });
}

/**
 * The same for a template of plain text. No-break spaces, which French amounts hold, become plain
 * ones: a single one would make an SMS cost twice.
 */
export function renderText(
  template: CompiledTemplate,
  locale: string,
  variables: TemplateVariables,
): Result<{ readonly locale: string; readonly text: string }, RenderProblem> {
  assert(template.kind === 'text', 'a text template');
  return rendering(template, locale, variables, (texts, chosen, state) => {
    const text = runText(texts.text, variables, state)
      .replace(/[\u00a0\u202f]/g, ' ')
      .trim();
    if (text === '') throw new RenderFailure('the text is empty');
    bounded(text);
    return { locale: chosen, text };
  });
}

/** The template's locale nearest to the one asked for; its first where none is near. */
export function chooseLocale(available: readonly string[], asked: string): string {
  const language = asked.split(/[-_]/)[0]?.toLowerCase();
  const wanted = asked.toLowerCase().replace('_', '-');
  return (
    available.find((locale) => locale.toLowerCase() === wanted) ??
    available.find((locale) => locale.toLowerCase() === language) ??
    available.find((locale) => locale.toLowerCase().split('-')[0] === language) ??
    present(available[0], 'a template has a locale')
  );
}

function rendering<Rendered>(
  template: CompiledTemplate,
  asked: string,
  variables: TemplateVariables,
  write: (texts: CompiledLocale, locale: string, state: RenderState) => Rendered,
): Result<Rendered, RenderProblem> {
  const locale = chooseLocale(template.locales, asked);
  const texts = present(compiledLocales(template).get(locale), 'the locale was compiled');
  const format = { ...variables.format, locale: variables.format?.locale ?? locale };
  const state = { charactersLeft: RENDERED_MAX_BYTES, iterationsLeft: ITERATIONS_MAX, format };
  try {
    return ok(write(texts, locale, state));
  } catch (error) {
    if (error instanceof MissingVariable) {
      return fail({ code: 'missing_variable', variable: error.variable, detail: error.message });
    }
    const variable = error instanceof RenderFailure ? error.variable : undefined;
    const detail = error instanceof Error ? error.message : String(error);
    const named = variable === undefined || variable === '' ? {} : { variable };
    return fail({ code: 'render_failed', ...named, detail });
  }
}

function runText(
  text: CompiledText | undefined,
  variables: TemplateVariables,
  state: RenderState,
): string {
  return present(text, 'a compiled text').run(variables, {
    data: { state },
    allowProtoPropertiesByDefault: false,
    allowProtoMethodsByDefault: false,
  });
}

function bounded(...texts: readonly string[]): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > RENDERED_MAX_BYTES) throw new RenderFailure('the text outgrows its bound');
}
