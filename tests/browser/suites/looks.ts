import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Request } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from '../browser.js';
import type { Harness } from '../harness.js';

const REP_PAGES = ['/accounts', '/accounts/acc_atelier', '/tasks', '/people/prf_lea'];
const DARK_PAGES = [
  '/today',
  '/scenarios/abandoned-cart',
  '/editor?file=abandoned-cart.yaml',
  '/accounts/acc_atelier',
  '/people/prf_lea',
  '/messages?id=2',
  '/decisions/dec_1',
  '/dead-letters',
  '/status',
  '/tables',
];
/** Scripts and styles of the first page, compressed. */
const MOST_FIRST_BYTES = 240_000;
const WIDE = { width: 1360, height: 900 };

const nameOf = (path: string): string => path.slice(1).replace(/\W+/g, '-');

/** How the pages look: mails shut in, narrow screens, the dark. */
export function looks(harness: () => Harness): void {
  describe('looks', () => {
    test('a mail is shown as received; nothing of it runs and nothing is fetched', async () => {
      const { open, page, context } = harness();
      const requests: Request[] = [];
      const note = (request: Request) => requests.push(request);
      context.on('request', note);
      await open('/messages?id=2');
      const mail = page.frameLocator('iframe[title="Le message tel que reçu"]');
      await mail.getByText('Votre panier vous attend, Léa').waitFor();
      expect(await mail.getByText('a script ran').count()).toBe(0);
      await page.getByText('Téléphone', { exact: true }).click();
      const width = async () => (await page.locator('iframe').boundingBox())?.width;
      // The frame takes its new width when the page is next drawn, after the click has returned.
      await expect.poll(width, { timeout: 10_000 }).toBeLessThan(380);
      await page.getByText('Texte', { exact: true }).click();
      await page.getByText('Votre panier vous attend : https://').waitFor();
      await page.getByText('En-têtes', { exact: true }).click();
      await page.getByText('List-Unsubscribe=One-Click').waitFor();
      context.off('request', note);
      // One that the mail's own policy stopped is told as asked for, and as failed by it.
      const sent = requests
        .filter((request) => request.url().includes('shop.example.test'))
        .map((request) => request.failure()?.errorText);
      expect(sent.filter((reason) => reason !== 'csp')).toEqual([]);
    });

    test.each(REP_PAGES)('%s fits a telephone', async (path) => {
      const { open, page, shoot, heard } = harness();
      await page.setViewportSize({ width: 390, height: 844 });
      try {
        await open(path, { role: 'sales' });
        const overflow =
          'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate<number>(overflow)).toBe(0);
        await shoot(`phone-${nameOf(path)}`);
        expect(await violations(page)).toEqual([]);
      } finally {
        await page.setViewportSize(WIDE);
      }
      expect(heard()).toEqual([]);
    });

    test.each(DARK_PAGES)('%s reads well in the dark', async (path) => {
      const { open, page, shoot } = harness();
      await open(path, { scheme: 'dark' });
      await shoot(`dark-${nameOf(path)}`);
      expect(await violations(page)).toEqual([]);
    });

    test('the first page asks for little; plots and graphs come with the pages that show them', () => {
      const { dir } = harness();
      const index = readFileSync(join(dir, 'index.html'), 'utf8');
      const first = [...index.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
        ([, path]) => path,
      );
      const sizes = first.map((path) => gzipSync(readFileSync(join(dir, path ?? ''))).length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_FIRST_BYTES);
    });

    test('pictures for the README, where asked', async () => {
      const { open, page, shoot } = harness();
      await page.setViewportSize({ width: 1280, height: 860 });
      await open('/scenarios/abandoned-cart', { locale: 'en', role: 'marketer' });
      await page.getByText('86 here').waitFor();
      await shoot('console-scenario', 'window');
      await open('/accounts/acc_atelier', { locale: 'en', role: 'sales' });
      await page.getByRole('img', { name: /Order amounts by week/ }).waitFor();
      await shoot('console-account', 'window');
      await page.setViewportSize(WIDE);
    });
  });
}
