import { describe, expect, test } from 'vitest';
import { violations } from '../browser.js';
import type { Harness } from '../harness.js';

const REP_PAGES = ['/accounts', '/accounts/acc_atelier', '/tasks', '/people/prf_lea'];
const DARK_PAGES = [
  '/today',
  '/scenarios/abandoned-cart',
  '/accounts/acc_atelier',
  '/people/prf_lea',
  '/messages?id=2',
  '/decisions/dec_1',
  '/dead-letters',
  '/status',
  '/tables',
];
const WIDE = { width: 1360, height: 900 };

const nameOf = (path: string): string => path.slice(1).replace(/\W+/g, '-');

/** How the pages look: mails shut in, narrow screens, the dark. */
export function looks(harness: () => Harness): void {
  describe('looks', () => {
    test('a mail is shown as received; nothing of it runs and nothing is fetched', async () => {
      const { open, page, context } = harness();
      const fetched: string[] = [];
      const note = (request: { url: () => string }) => fetched.push(request.url());
      context.on('request', note);
      await open('/messages?id=2');
      const mail = page.frameLocator('iframe[title="Le message tel que reçu"]');
      await mail.getByText('Votre panier vous attend, Léa').waitFor();
      expect(await mail.getByText('a script ran').count()).toBe(0);
      await page.getByText('Téléphone', { exact: true }).click();
      expect((await page.locator('iframe').boundingBox())?.width).toBeLessThan(380);
      await page.getByText('Texte', { exact: true }).click();
      await page.getByText('Votre panier vous attend : https://').waitFor();
      await page.getByText('En-têtes', { exact: true }).click();
      await page.getByText('List-Unsubscribe=One-Click').waitFor();
      context.off('request', note);
      expect(fetched.filter((url) => url.includes('shop.example.test'))).toEqual([]);
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
