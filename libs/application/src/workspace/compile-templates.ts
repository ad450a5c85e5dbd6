import type { CheckedFile } from '#libs/contracts';
import type { CompiledTemplateSource } from './compiled.js';
import { checkLocales } from './locales.js';
import { checkName, type ProblemList } from './problem-list.js';
import { topOf, type WorkspaceFiles } from './read-files.js';
import type { ReadPaths } from './reads.js';
import { isUnknown, placeInText, templateReads, variablesOf } from './template-variables.js';

/** What templates are checked against. */
export interface TemplateWorld {
  readonly locales: readonly string[];
  readonly traits: ReadonlySet<string>;
  readonly purposes: ReadonlyMap<string, { readonly isContract: boolean }>;
  readonly parts: WorkspaceFiles['parts'];
}

/** A template, compiled, and what it reads. */
export interface TemplateCompiled {
  readonly template: CompiledTemplateSource;
  readonly reads: ReadPaths;
}

/** Above this size some mailboxes cut a message. */
const HEAVY_BYTES = 100 * 1024;

const PARTS = [
  { part: 'subject', fileOf: (locale: string) => `subject.${locale}.hbs` },
  { part: 'mjml', fileOf: (locale: string) => `body.${locale}.mjml` },
  { part: 'text', fileOf: (locale: string) => `body.${locale}.txt.hbs` },
] as const;

/** Checks a template and its parts in every locale. The problems are in the list. */
export function compileTemplate(
  list: ProblemList,
  file: CheckedFile<'template'>,
  world: TemplateWorld,
): TemplateCompiled {
  const { document, value: source } = file;
  const id = source.template;
  const folder = document.file.split('/').at(-2) ?? '';
  if (folder !== id) list.add('RLN-1606', document.placeOf(['template']), { id, folder });
  const purpose = { name: source.purpose, place: document.placeOf(['purpose']) };
  checkName(list, 'purpose', purpose, world.purposes.keys());
  checkLocales(list, source.name, world.locales, document.placeOf(['name']));
  const unsubscribeRequired = world.purposes.get(source.purpose)?.isContract === false;
  const parts = world.parts.get(folder) ?? new Map<string, never>();
  checkStrays(list, parts);
  const locales: Record<string, { subject: string; mjml: string; text: string }> = {};
  const reads: (readonly string[])[] = [];
  for (const locale of world.locales) {
    const texts = { subject: '', mjml: '', text: '' };
    for (const { part, fileOf } of PARTS) {
      const name = fileOf(locale);
      const found = parts.get(name);
      if (found === undefined) {
        const params = { template: id, part, locale, file: name };
        list.add('RLN-1401', document.placeOf(['template']), params);
        continue;
      }
      texts[part] = found.source;
      reads.push(...checkPart(list, { ...found, part, unsubscribeRequired }, world.traits));
    }
    locales[locale] = texts;
  }
  return { template: templateOf(source, { locales, unsubscribeRequired }), reads };
}

interface Part {
  readonly source: string;
  readonly path: string;
  readonly part: (typeof PARTS)[number]['part'];
  readonly unsubscribeRequired: boolean;
}

function checkPart(list: ProblemList, part: Part, traits: ReadonlySet<string>): ReadPaths {
  const { source, path } = part;
  for (const variable of variablesOf(source)) {
    if (!isUnknown(variable, traits)) continue;
    const place = placeInText(path, source, variable.offset);
    list.add('RLN-1405', place, { variable: variable.path.join('.') });
  }
  if (part.unsubscribeRequired && part.part !== 'subject') {
    if (!/\{\{\{?\s*unsubscribe_url\s*\}\}/.test(source)) list.add('RLN-1402', topOf(path));
  }
  if (part.part === 'mjml' && source.length > HEAVY_BYTES) {
    list.add('RLN-1406', topOf(path), { size: Math.ceil(source.length / 1024) });
  }
  for (const image of source.matchAll(/src="(http:[^"]*)"/g)) {
    list.add('RLN-1408', placeInText(path, source, image.index), { url: image[1] ?? '' });
  }
  return templateReads(source);
}

/** Files that belong to no locale's part; a locale the workspace does not declare is fine. */
function checkStrays(
  list: ProblemList,
  parts: ReadonlyMap<string, { readonly path: string }>,
): void {
  for (const [name, { path }] of parts) {
    const isPart = /^(subject\.[\w-]+\.hbs|body\.[\w-]+\.(mjml|txt\.hbs))$/.test(name);
    if (!isPart) list.add('RLN-1409', topOf(path));
  }
}

function templateOf(
  source: CheckedFile<'template'>['value'],
  made: Pick<CompiledTemplateSource, 'locales' | 'unsubscribeRequired'>,
): CompiledTemplateSource {
  const defaults: Record<string, string | number | boolean> = {};
  const examples: Record<string, string | number | boolean> = {};
  for (const [path, variable] of Object.entries(source.variables)) {
    if (typeof variable !== 'object') {
      examples[path] = variable;
      continue;
    }
    examples[path] = variable.example;
    if (variable.default !== undefined) defaults[path] = variable.default;
  }
  const { template: id, purpose, name = {} } = source;
  return { id, name, purpose, defaults, examples, ...made };
}
