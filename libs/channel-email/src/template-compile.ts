import type {
  CompiledTemplate,
  EmailLocaleSource,
  EmailTemplateSource,
  TemplateProblem,
  TextTemplateSource,
} from '#libs/application';
import { assert, contentHash, fail, ok, type Result } from '#libs/kernel';
import type Handlebars from 'handlebars';
import { droppedTags } from './mjml-dropped.js';
import { createEnvironment, KNOWN_HELPERS } from './template-helpers.js';
import { parseTemplate } from './template-syntax.js';

/** A text ready to run, and the paths it reads. */
export interface CompiledText {
  readonly run: Handlebars.TemplateDelegate;
  readonly variables: ReadonlySet<string>;
}

/** The texts of one locale; a text template has `text` alone. */
export interface CompiledLocale {
  readonly text: CompiledText;
  readonly subject?: CompiledText;
  readonly html?: CompiledText;
}

type Part = TemplateProblem['part'];
type Compiled = Result<CompiledTemplate, TemplateProblem[]>;

/** A body over this is cut by the larger mail providers long before; bytes of UTF-8. */
const SOURCE_MAX_BYTES = 256 * 1024;
const CACHE_MAX = 500;

const environment = createEnvironment();
const locales = new WeakMap<CompiledTemplate, ReadonlyMap<string, CompiledLocale>>();
const cache = new Map<string, Promise<Compiled>>();

/**
 * Compiles the subject, the MJML and the text of every locale, once per content: a second call with
 * equal sources gives the same object. All the problems of all locales are told at once.
 */
export function compileEmailTemplate(source: EmailTemplateSource): Promise<Compiled> {
  return cached(hashOf('email', source), (hash) => compileEmail(source, hash));
}

/** The same for a template of plain text: SMS bodies, titles of tasks. Nothing is escaped. */
export function compileTextTemplate(source: TextTemplateSource): Promise<Compiled> {
  return cached(hashOf('text', source), async (hash) => compileText(source, hash));
}

/** Every variable path that any locale reads, sorted: for lint, and for loading no more than that. */
export function variablesOf(template: CompiledTemplate): readonly string[] {
  const paths = new Set<string>();
  for (const locale of compiledLocales(template).values()) {
    for (const text of [locale.subject, locale.html, locale.text]) {
      for (const path of text?.variables ?? []) paths.add(path);
    }
  }
  return [...paths].sort();
}

/** The texts behind the opaque template. */
export function compiledLocales(template: CompiledTemplate): ReadonlyMap<string, CompiledLocale> {
  const found = locales.get(template);
  assert(found, 'the template was compiled here');
  return found;
}

/** The order of the locales is content too, as the first is the fallback; JSON has no order. */
function hashOf(kind: string, source: EmailTemplateSource | TextTemplateSource): string {
  return contentHash([kind, Object.keys(source.locales), source]);
}

function cached(hash: string, compile: (hash: string) => Promise<Compiled>): Promise<Compiled> {
  const known = cache.get(hash);
  if (known !== undefined) {
    cache.delete(hash);
    cache.set(hash, known);
    return known;
  }
  const made = compile(hash);
  cache.set(hash, made);
  made.catch(() => cache.delete(hash));
  const [oldest] = cache.keys();
  if (cache.size > CACHE_MAX && oldest !== undefined) cache.delete(oldest);
  return made;
}

async function compileEmail(source: EmailTemplateSource, hash: string): Promise<Compiled> {
  const problems = localeProblems(source);
  const texts = new Map<string, CompiledLocale>();
  for (const [locale, files] of Object.entries(source.locales)) {
    const compiled = await compileEmailLocale(locale, files);
    if (compiled.ok) {
      texts.set(locale, compiled.value);
      if (source.unsubscribeRequired === true) {
        problems.push(...unsubscribeProblems(locale, compiled.value));
      }
    } else problems.push(...compiled.error);
  }
  return finish({ id: source.id, hash, kind: 'email', texts, problems });
}

function compileText(source: TextTemplateSource, hash: string): Compiled {
  const problems = localeProblems(source);
  const texts = new Map<string, CompiledLocale>();
  for (const [locale, body] of Object.entries(source.locales)) {
    const text = compilePart(body, { locale, part: 'text' });
    if (text.ok) texts.set(locale, { text: text.value });
    else problems.push(text.error);
    if (source.stopRequired === true && !/\bSTOP\b/.test(body)) {
      const detail = 'a marketing SMS must say how to leave: STOP au ...';
      problems.push({ code: 'no_unsubscribe', locale, part: 'text', detail });
    }
  }
  return finish({ id: source.id, hash, kind: 'text', texts, problems });
}

function finish(made: {
  readonly id: string;
  readonly hash: string;
  readonly kind: 'email' | 'text';
  readonly texts: ReadonlyMap<string, CompiledLocale>;
  readonly problems: TemplateProblem[];
}): Compiled {
  if (made.problems.length > 0) return fail(made.problems);
  const { id, hash, kind } = made;
  const template: CompiledTemplate = Object.freeze({
    id,
    hash,
    kind,
    locales: [...made.texts.keys()],
  });
  locales.set(template, made.texts);
  return ok(template);
}

function localeProblems(source: {
  readonly locales: Readonly<Record<string, unknown>>;
  readonly localesRequired?: readonly string[];
}): TemplateProblem[] {
  const present = Object.keys(source.locales);
  if (present.length === 0) {
    return [{ code: 'no_locale', locale: '', part: 'text', detail: 'no locale at all' }];
  }
  return (source.localesRequired ?? [])
    .filter((locale) => !present.includes(locale))
    .map((locale) => ({
      code: 'missing_locale' as const,
      locale,
      part: 'text' as const,
      detail: `the workspace lists ${locale}, the template has ${present.join(', ')}`,
    }));
}

function unsubscribeProblems(locale: string, texts: CompiledLocale): TemplateProblem[] {
  const parts: [Part, CompiledText | undefined][] = [
    ['mjml', texts.html],
    ['text', texts.text],
  ];
  return parts
    .filter(([, text]) => text?.variables.has('unsubscribe_url') !== true)
    .map(([part]) => ({
      code: 'no_unsubscribe' as const,
      locale,
      part,
      detail: 'a marketing message must hold {{unsubscribe_url}}',
    }));
}

async function compileEmailLocale(
  locale: string,
  files: EmailLocaleSource,
): Promise<Result<CompiledLocale, TemplateProblem[]>> {
  const mjml = await compileMjml(files.mjml, locale);
  const subject = compilePart(files.subject, { locale, part: 'subject' });
  const text = compilePart(files.text, { locale, part: 'text' });
  if (mjml.ok && subject.ok && text.ok) {
    return ok({ html: mjml.value, subject: subject.value, text: text.value });
  }
  const problems = mjml.ok ? [] : [...mjml.error];
  if (!subject.ok) problems.push(subject.error);
  if (!text.ok) problems.push(text.error);
  return fail(problems);
}

async function compileMjml(
  source: string,
  locale: string,
): Promise<Result<CompiledText, TemplateProblem[]>> {
  const place = { locale, part: 'mjml' as const };
  if (Buffer.byteLength(source) > SOURCE_MAX_BYTES) return fail([tooLarge(place)]);
  if (/<mj-include\b/i.test(source)) {
    return fail([
      { ...place, code: 'mjml_invalid', detail: 'mj-include is not read: one file each' },
    ]);
  }
  try {
    // No web fonts by default: a font fetched from elsewhere tells a third party who reads.
    // Loaded here: it takes 90 MB, and most processes never compile a message.
    const { default: mjml2html } = await import('mjml');
    const made = await mjml2html(source, {
      fonts: {},
      keepComments: false,
      validationLevel: 'soft',
    });
    if (made.errors.length > 0) {
      return fail(
        made.errors.map(({ message, tagName, line }) => {
          return { ...place, code: 'mjml_invalid', detail: `${tagName}: ${message}`, line };
        }),
      );
    }
    const dropped = droppedTags(source, made.html);
    if (dropped.length > 0) return fail(dropped.map((tag) => ({ ...place, ...tag })));
    const html = compilePart(made.html, place);
    return html.ok ? html : fail([withoutLine(html.error)]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return fail([{ ...place, code: 'mjml_invalid', detail }]);
  }
}

/** Handlebars counts lines in the compiled HTML, which no marketer has. */
function withoutLine(problem: TemplateProblem): TemplateProblem {
  const { line: _line, ...rest } = problem;
  return rest;
}

function compilePart(
  source: string,
  place: { readonly locale: string; readonly part: Part },
): Result<CompiledText, TemplateProblem> {
  if (place.part !== 'mjml' && Buffer.byteLength(source) > SOURCE_MAX_BYTES) {
    return fail(tooLarge(place));
  }
  const escapes = place.part === 'mjml';
  const parsed = parseTemplate(source, { escapes });
  if ('code' in parsed) return fail({ ...parsed, ...place });
  const run = environment.compile(parsed.program, {
    knownHelpers: KNOWN_HELPERS,
    knownHelpersOnly: true,
    noEscape: !escapes,
  });
  return ok({ run, variables: parsed.variables });
}

function tooLarge(place: { readonly locale: string; readonly part: Part }): TemplateProblem {
  return { ...place, code: 'too_large', detail: `over ${SOURCE_MAX_BYTES / 1024} KB` };
}
