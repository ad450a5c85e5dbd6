import { describe, expect, test } from 'vitest';
import { API_REFUSALS } from '#libs/contracts';
import { violations } from '../browser.js';
import type { Harness } from '../harness.js';

const LANDINGS = [
  { role: 'marketer', home: '/today', heading: 'Aujourd’hui', entries: 7 },
  { role: 'sales', home: '/accounts', heading: 'Mes comptes', entries: 2 },
  { role: 'analyst', home: '/results', heading: 'Résultats', entries: 3 },
  { role: 'admin', home: '/status', heading: 'État', entries: 12 },
] as const;

/** Signing in, landing, languages. */
export function session(harness: () => Harness): void {
  describe('session', () => {
    test('who is not signed in signs in, and lands on the page they asked for', async () => {
      const { open, page, server, heard } = harness();
      await open('/decisions?scenario=abandoned-cart', { role: 'nobody' });
      await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Adresse e-mail').fill('camille@maison-lumen.example');
      await page.locator('input[name=password]').fill('not this one');
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.getByText('L’adresse ou le mot de passe est faux.').waitFor();
      expect(heard()).toEqual([]);
      server.role = 'marketer';
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.locator('h1', { hasText: 'Décisions' }).waitFor();
      expect(new URL(page.url()).search).toBe('?scenario=abandoned-cart');
    });

    test('another site’s address is never where signing in leads', async () => {
      const { open, page, server } = harness();
      await open(`/sign-in?next=${encodeURIComponent('//elsewhere.example.test/')}`, {
        role: 'nobody',
      });
      server.role = 'marketer';
      await page.getByLabel('Adresse e-mail').fill('camille@maison-lumen.example');
      await page.locator('input[name=password]').fill('a password');
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.locator('h1', { hasText: 'Aujourd’hui' }).waitFor();
      expect(page.url()).toBe(`${server.url}/today`);
    });

    test.each([
      ['link_used', 'Ce lien de connexion a déjà servi, ou a expiré.', 'RLN-2108'],
      ['not_found', 'Cette fiche n’existe pas ici, ou plus.', 'RLN-2103'],
      ['not_allowed', 'Votre rôle ne permet pas de voir cela.', 'RLN-2102'],
    ] as const)('a link refused with %s says why, with its code', async (name, sentence, code) => {
      const { open, page } = harness();
      await open(`/sign-in?problem=${name}`, { role: 'nobody' });
      await page.getByText(sentence).waitFor();
      await page.getByText(code).waitFor();
      expect(API_REFUSALS[name].code).toBe(code);
    });

    test.each(LANDINGS)('$role lands on $home with a menu of $entries', async (landing) => {
      const { open, page, heard } = harness();
      await open('/', { role: landing.role });
      await page.locator('h1', { hasText: landing.heading }).waitFor();
      expect(new URL(page.url()).pathname).toBe(landing.home);
      const menu = page.getByRole('navigation', { name: 'Navigation' });
      expect(await menu.getByRole('link').count()).toBe(landing.entries);
      expect(await menu.locator('[aria-current="page"]').count()).toBe(1);
      expect(heard()).toEqual([]);
    });

    test('the language is chosen in the header, for the next visit too', async () => {
      const { open, page, settled } = harness();
      await open('/scenarios', { role: 'marketer' });
      await page.getByText('EN', { exact: true }).click();
      await page.locator('h1', { hasText: 'Scenarios' }).waitFor();
      await page.getByRole('link', { name: 'Abandoned cart' }).waitFor();
      await page.reload();
      await settled();
      expect(await page.locator('h1').textContent()).toBe('Scenarios');
      await page.getByText('FR', { exact: true }).click();
      await page.locator('h1', { hasText: 'Scénarios' }).waitFor();
    });

    test('the header says how fast the sample’s time runs', async () => {
      const { open, page } = harness();
      await open('/scenarios');
      expect(await page.getByTestId('clock').innerText()).toContain('un jour par minute');
    });
  });
}
