import { describe, expect, test } from 'vitest';
import { violations } from '../browser.js';
import type { Mode } from '../fixtures/index.js';
import { LOCALES, type Harness } from '../harness.js';
import { FAILURE, PAGES, type PageCase } from '../pages.js';

const MODES: readonly Mode[] = ['full', 'empty', 'failing'];

/** Ids of the fixtures: a person must never read one. */
const RAW_ID = /\b(?:prf|acc|enr|dec|dlv|usr|tsk|job)_\w+/;

function expected(one: PageCase, mode: Mode, index: 0 | 1) {
  const { title, emptyTitle = title, failingTitle = title, full, empty } = one;
  const sentence = { full, empty, failing: FAILURE }[mode][index];
  const heading = { full: title, empty: emptyTitle, failing: failingTitle }[mode][index];
  return { sentence, heading };
}

/** Each page with data, without and with an engine that fails, in both languages. */
export function everyPage(harness: () => Harness): void {
  describe.each(LOCALES)('pages in %s', (locale) => {
    const index = locale === 'fr' ? 0 : 1;
    describe.each(MODES)('%s', (mode) => {
      test.each(PAGES)('$name', async (one) => {
        const { open, page, settled, shoot, heard, server } = harness();
        await open(one.path, { locale, mode });
        const { heading, sentence } = expected(one, mode, index);
        await page.locator('h1', { hasText: new RegExp(`^${heading}$`) }).waitFor();
        await page.getByText(sentence).first().waitFor();
        await settled();
        expect(await page.locator('h1').textContent()).toBe(heading);
        expect(await page.title()).toBe(`${heading} · Relance`);
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
        expect(await page.locator('body').innerText()).not.toMatch(RAW_ID);
        await shoot(`${one.name}-${mode}-${locale}`);
        expect(await violations(page)).toEqual([]);
        expect(heard()).toEqual([]);
        expect(server.refused).toEqual([]);
      });
    });
  });
}
