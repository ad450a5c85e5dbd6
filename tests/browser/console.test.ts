import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole, chromiumPath, listen, openBrowser, settled, violations } from './browser.js';
import { startFixtureServer, type FixtureServer } from './fixture-server.js';
import type { Mode } from './fixtures/index.js';
import { FAILURE, PAGES, type PageCase } from './pages.js';

// Without a browser these are skipped aloud; continuous integration must have one.
const isMissing = chromiumPath === undefined && process.env['CI'] !== 'true';
const shots = process.env['RELANCE_SCREENSHOTS'];
const LOCALES = ['fr', 'en'] as const;
const MODES: readonly Mode[] = ['full', 'empty', 'failing'];

type Locale = (typeof LOCALES)[number];

interface Visit {
  readonly locale: Locale;
  readonly mode: Mode;
  readonly role: FixtureServer['role'];
}

/** Chromium notes what is played here on purpose: an engine that refuses, a mail that is shut in. */
const isPlayed = (line: string, mode: Mode): boolean =>
  (mode === 'failing' && line.includes('503')) ||
  line.includes('about:srcdoc') ||
  line.includes('https://shop.example.test/o/abc.gif');

describe.skipIf(isMissing)('console in Chromium', () => {
  let built: ReturnType<typeof buildConsole>;
  let server: FixtureServer;
  let context: BrowserContext;
  let closeBrowser: () => Promise<void>;
  let page: Page;
  let heard: ReturnType<typeof listen>;
  let visited: Visit | undefined;

  beforeAll(async () => {
    built = buildConsole();
    server = await startFixtureServer(built.dir);
    ({ context, close: closeBrowser } = await openBrowser());
    page = context.pages()[0] ?? (await context.newPage());
    heard = listen(page);
    await page.goto(`${server.url}/favicon.svg`);
  });
  afterAll(async () => {
    await closeBrowser?.();
    await server?.close();
    built?.remove();
  });

  /** Opens a page: within the document where nothing else changes, as a person does. */
  async function open(path: string, as: Partial<Visit> = {}): Promise<void> {
    const visit: Visit = { locale: 'fr', mode: 'full', role: 'admin', ...as };
    const isSame = JSON.stringify(visit) === JSON.stringify(visited);
    server.mode = visit.mode;
    server.role = visit.role;
    if (isSame) {
      await page.evaluate((to) => history.pushState({}, '', to), path);
    } else {
      await page.evaluate((chosen) => localStorage.setItem('relance.locale', chosen), visit.locale);
      await page.goto(server.url + path);
      visited = visit;
    }
    await settled(page);
  }

  async function shoot(name: string): Promise<void> {
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  function expected({ title, failingTitle, full, empty }: PageCase, mode: Mode, index: 0 | 1) {
    const sentence = { full, empty, failing: FAILURE }[mode][index];
    const heading = (mode === 'failing' ? (failingTitle ?? title) : title)[index];
    return { sentence, heading };
  }

  describe.each(LOCALES)('in %s', (locale) => {
    const index = LOCALES.indexOf(locale) as 0 | 1;
    describe.each(MODES)('%s', (mode) => {
      test.each(PAGES)('$name', async (one) => {
        await open(one.path, { locale, mode });
        const { heading, sentence } = expected(one, mode, index);
        await page.locator('h1', { hasText: heading }).waitFor();
        await page.getByText(sentence).first().waitFor();
        await settled(page);
        expect(await page.locator('h1').textContent()).toBe(heading);
        expect(await page.title()).toBe(`${heading} · Relance`);
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
        await shoot(`${one.name}-${mode}-${locale}`);
        expect(await violations(page)).toEqual([]);
        expect(heard.take().filter((line) => !isPlayed(line, mode))).toEqual([]);
        expect(server.refused).toEqual([]);
      });
    });
  });
});
