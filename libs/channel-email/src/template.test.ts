import type { CompiledTemplate, TemplateVariables } from '#libs/application';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { welcome, welcomeVariables } from './fixtures/welcome.js';
import { compileEmailTemplate, compileTextTemplate, variablesOf } from './template-compile.js';
import { chooseLocale, renderEmail, renderText } from './template-render.js';

async function compiledWelcome(): Promise<CompiledTemplate> {
  const compiled = await compileEmailTemplate(welcome);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

async function text(body: string, variables: TemplateVariables = {}) {
  const compiled = await compileTextTemplate({ id: 't', locales: { fr: body } });
  if (!compiled.ok) return compiled.error[0]?.code;
  const rendered = renderText(compiled.value, 'fr', variables);
  return rendered.ok ? rendered.value.text : `${rendered.error.code} ${rendered.error.variable}`;
}

const plain = (value: string) => value.replace(/[\u00a0\u202f]/g, ' ');

describe('an e-mail template', () => {
  it('is written in French and in English, escaped in HTML and not in text', async () => {
    const template = await compiledWelcome();
    const fr = renderEmail(template, 'fr-FR', welcomeVariables);
    const english = { ...welcomeVariables, format: { timezone: 'Europe/London', currency: 'GBP' } };
    const en = renderEmail(template, 'en', english);
    expect(fr.ok && fr.value.subject).toBe('Bienvenue Zoé & Cie, -10 % jusqu’au 30 novembre');
    expect(en.ok && en.value.subject).toBe('Welcome Zoé & Cie, -10% until November 30');
    expect(fr.ok && fr.value.html).toContain('Bonjour Zoé &amp; Cie,');
    expect(fr.ok && fr.value.html).toContain('Vase &lt;bleu&gt;');
    expect(fr.ok && plain(fr.value.html)).toContain('0. Vase &lt;bleu&gt;: 39,90 €');
    expect(fr.ok && plain(fr.value.text)).toContain('Bonjour Zoé & Cie,\nTotal : 129,90 €');
    expect(en.ok && en.value.text).toContain('Total: £129.90');
    expect(fr.ok && fr.value.html).not.toContain('fonts.googleapis.com');
  });

  it('takes the first locale where none is near', async () => {
    const rendered = renderEmail(await compiledWelcome(), 'de', welcomeVariables);
    expect(rendered.ok && rendered.value.locale).toBe('fr');
    expect(chooseLocale(['fr', 'en', 'pt-BR'], 'en_GB')).toBe('en');
    expect(chooseLocale(['fr', 'en', 'pt-BR'], 'pt')).toBe('pt-BR');
    expect(chooseLocale(['fr', 'en-US', 'en'], 'EN')).toBe('en');
  });

  it('is compiled once per content', async () => {
    const copy = structuredClone(welcome);
    expect(await compileEmailTemplate(copy)).toBe(await compileEmailTemplate(welcome));
  });

  it('tells what it reads', async () => {
    expect(variablesOf(await compiledWelcome())).toEqual([
      'entry.products',
      'entry.products[].name',
      'entry.products[].price',
      'entry.total',
      'entry.until',
      'profile.firstName',
      'profile.id',
      'unsubscribe_url',
    ]);
  });

  it('is never sent with a hole: whatever is missing is named', async () => {
    const template = await compiledWelcome();
    const holes: [string, object][] = [
      ['profile.firstName', { profile: { id: 'p-1' } }],
      ['profile.firstName', { profile: { id: 'p-1', firstName: null } }],
      ['profile.firstName', { profile: { id: 'p-1', firstName: '  ' } }],
      ['profile.firstName', { profile: undefined }],
      ['unsubscribe_url', { unsubscribe_url: '' }],
      ['entry.products', { entry: { ...welcomeVariables.entry, products: undefined } }],
      ['price', { entry: { ...welcomeVariables.entry, products: [{ name: 'Vase' }] } }],
      ['entry.total', { entry: { ...welcomeVariables.entry, total: Number.NaN } }],
    ];
    for (const [variable, change] of holes) {
      const rendered = renderEmail(template, 'fr', { ...welcomeVariables, ...change });
      expect(rendered).toMatchObject({ ok: false, error: { code: 'missing_variable', variable } });
    }
  });

  it('lists the problems of all locales at once', async () => {
    const compiled = await compileEmailTemplate({
      ...welcome,
      localesRequired: ['fr', 'en', 'nl'],
      locales: {
        fr: {
          subject: '{{customer.name}}',
          mjml: '<mjml><mj-body><mj-txt/></mj-body></mjml>',
          text: 'a',
        },
        en: { subject: 'a', mjml: '<mjml><mj-body></mj-body></mjml>', text: '{{#if}' },
      },
    });
    const codes = compiled.ok
      ? []
      : compiled.error.map((problem) => `${problem.locale} ${problem.code}`);
    expect(codes).toEqual(
      expect.arrayContaining([
        'nl missing_locale',
        'fr mjml_invalid',
        'fr unknown_variable',
        'en syntax',
      ]),
    );
  });

  it('without a way to leave is a problem where the purpose asks for one', async () => {
    const bare = { subject: 'a', mjml: '<mjml><mj-body></mj-body></mjml>', text: 'a' };
    const compiled = await compileEmailTemplate({
      id: 'x',
      unsubscribeRequired: true,
      locales: { fr: bare },
    });
    expect(compiled.ok ? [] : compiled.error.map((problem) => problem.part)).toEqual([
      'mjml',
      'text',
    ]);
    expect((await compileEmailTemplate({ id: 'x', locales: { fr: bare } })).ok).toBe(true);
  });

  it('is a problem where MJML would drop a tag without a word', async () => {
    const mjml =
      '<mjml><mj-body>{{#if profile.vip}}\n<mj-section><mj-column><mj-text>{{profile.a}}</mj-text>' +
      '</mj-column></mj-section>\n{{/if}}</mj-body></mjml>';
    const compiled = await compileEmailTemplate({
      id: 'x',
      locales: { fr: { subject: 'a', mjml, text: 'a' } },
    });
    expect(compiled.ok ? [] : compiled.error).toMatchObject([
      { code: 'mjml_invalid', line: 1, detail: '{{#if profile.vip}} must stand in an mj-raw' },
      { code: 'mjml_invalid', line: 3, detail: '{{/if}} must stand in an mj-raw' },
    ]);
  });

  it('falls back to the first of its locales, in the order given', async () => {
    const [fr, en] = [
      { subject: 'fr', mjml: MINIMAL, text: 'a' },
      { subject: 'en', mjml: MINIMAL, text: 'a' },
    ];
    const subjects = [];
    for (const locales of [
      { fr, en },
      { en, fr },
    ]) {
      const compiled = await compileEmailTemplate({ id: 'order', locales });
      const rendered = compiled.ok ? renderEmail(compiled.value, 'de', {}) : undefined;
      subjects.push(rendered?.ok === true ? rendered.value.subject : rendered);
    }
    expect(subjects).toEqual(['fr', 'en']);
  });

  it('reads no file and refuses raw HTML', async () => {
    const files = (mjml: string) => ({ fr: { subject: 'a', mjml, text: 'a' } });
    const include = '<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>';
    const raw =
      '<mjml><mj-body><mj-section><mj-column><mj-text>{{{profile.a}}}</mj-text></mj-column></mj-section></mj-body></mjml>';
    for (const [mjml, code] of [
      [include, 'mjml_invalid'],
      [raw, 'unescaped_output'],
    ] as const) {
      const compiled = await compileEmailTemplate({ id: 'x', locales: files(mjml) });
      expect(compiled).toMatchObject({ ok: false, error: [{ code }] });
    }
  });
});

describe('a text template', () => {
  it('of a marketing SMS says STOP', async () => {
    const locales = { fr: 'Bonjour. STOP au 36105', en: 'Hello. Nonstop bargains' };
    const compiled = await compileTextTemplate({ id: 's', stopRequired: true, locales });
    expect(compiled).toMatchObject({
      ok: false,
      error: [{ code: 'no_unsubscribe', locale: 'en' }],
    });
  });

  it('holds no space that makes an SMS dearer', async () => {
    const format = { locale: 'fr-FR', currency: 'EUR' };
    expect(await text('{{money entry.total}}', { entry: { total: 1234.5 }, format })).toBe(
      '1 234,50 €',
    );
  });
});

describe('the language of templates', () => {
  it.each([
    ['{{#if profile.a.b}}oui{{else}}non{{/if}}', {}, 'non'],
    [
      '{{#if profile.a}}{{profile.a.b}}{{/if}}',
      { profile: { a: {} } },
      'missing_variable profile.a.b',
    ],
    ['{{default profile.firstName "vous"}}', {}, 'vous'],
    ['{{default profile.firstName workspace.name}}', {}, 'missing_variable profile.firstName'],
    [
      '{{#if (eq profile.tier "gold")}}or{{else if (or profile.vip profile.new)}}vip{{else}}-{{/if}}',
      { profile: { vip: true } },
      'vip',
    ],
    [
      '{{#unless (and profile.a (not profile.b))}}x{{else}}y{{/unless}}',
      { profile: { a: 1 } },
      'y',
    ],
    [
      '{{#each entry.items as |item i|}}{{i}}{{item}}{{#unless @last}},{{/unless}}{{/each}}',
      { entry: { items: ['a', 'b'] } },
      '0a,1b',
    ],
    [
      '{{#each entry.items}}{{this}}{{@root.profile.a}}{{../vars.x}}{{else}}rien{{/each}}',
      { entry: { items: [1] }, profile: { a: 2 }, vars: { x: 3 } },
      '123',
    ],
    ['{{#each entry.items}}{{this}}{{else}}rien{{/each}}', { entry: { items: [] } }, 'rien'],
    ['{{#with decision.offer}}{{title}}{{else}}rien{{/with}}', {}, 'rien'],
    [
      '{{number profile.n}} {{number profile.n digits=0}}',
      { profile: { n: 1234.567 } },
      '1 234,57 1 235',
    ],
    [
      '{{money profile.n entry.currency}}',
      { profile: { n: 5 }, entry: { currency: 'GBP' } },
      '5,00 £GB',
    ],
    ['{{money profile.n}}', { profile: { n: 5 } }, 'render_failed profile.n'],
    ['{{profile.o}}', { profile: { o: { a: 1 } } }, 'render_failed profile.o'],
    [
      '{{date profile.at style="datetime"}}',
      { profile: { at: '2026-11-22T23:30:00Z' }, format: { timezone: 'Europe/Paris' } },
      '23 novembre 2026 à 00:30',
    ],
    ['{{date profile.at}}', { profile: { at: 0 } }, 'render_failed profile.at'],
    ['{{date profile.at}}', { profile: { at: '2026-13-45' } }, 'render_failed profile.at'],
  ] as [string, TemplateVariables, string][])('%s', async (body, variables, expected) => {
    expect(plain((await text(body, variables)) ?? '')).toBe(expected);
  });

  it.each([
    ['{{shout profile.a}}', 'unknown_helper'],
    ['{{#shout profile.a}}{{/shout}}', 'unknown_helper'],
    ['{{lookup profile "a"}}', 'unknown_helper'],
    ['{{log profile.a}}', 'unknown_helper'],
    ['{{> other}}', 'syntax'],
    ['{{#*inline "x"}}{{/inline}}', 'syntax'],
    ['{{../profile.a}}', 'syntax'],
    ['{{this}}', 'unknown_variable'],
    ['{{@root}}', 'unknown_variable'],
    ['{{@secret}}', 'unknown_variable'],
    ['{{__proto__.x}}', 'unknown_variable'],
  ])('refuses %s', async (body, code) => {
    expect(await text(body, { profile: { a: 1 } })).toBe(code);
  });

  it.each([
    'constructor',
    '__proto__',
    'toString',
    'constructor.constructor',
    '__proto__.polluted',
  ])('does not reach %s through a value', async (path) => {
    const body = `{{profile.${path}}}`;
    expect(await text(body, { profile: {} })).toBe(`missing_variable profile.${path}`);
  });

  it('bounds what it writes', async () => {
    const items = Array.from({ length: 900 }, () => 'x'.repeat(1_000));
    expect(await text('{{#each entry.items}}{{this}}{{/each}}', { entry: { items } })).toBe(
      'render_failed undefined',
    );
    const many = Array.from({ length: 200 }, (_, index) => index);
    const nested = '{{#each entry.items}}{{#each @root.entry.items}}{{this}}{{/each}}{{/each}}';
    expect(await text(nested, { entry: { items: many } })).toBe('render_failed @root.entry.items');
  });

  it('lets no value break out of the HTML, and gives every value back in text', async () => {
    const source = { subject: 'a', mjml: htmlBody, text: '[{{profile.a}}]' };
    const compiled = await compileEmailTemplate({ id: 'x', locales: { fr: source } });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    const reference = renderEmail(compiled.value, 'fr', { profile: { a: 'x' } });
    const tags = (html: string) => html.match(/<[a-z/!]|"/gi)?.length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (a) => {
        fc.pre(a.trim() !== '');
        const rendered = renderEmail(compiled.value, 'fr', { profile: { a } });
        return (
          rendered.ok &&
          reference.ok &&
          tags(rendered.value.html) === tags(reference.value.html) &&
          rendered.value.text === `[${a}]`
        );
      }),
    );
  });
});

const MINIMAL = '<mjml><mj-body></mj-body></mjml>';
const htmlBody =
  '<mjml><mj-body><mj-section><mj-column><mj-text><a href="{{profile.a}}" title="{{profile.a}}">{{profile.a}}</a></mj-text></mj-column></mj-section></mj-body></mjml>';
