import { describe, expect, test } from 'vitest';
import { LOCALES, type Harness } from '../harness.js';

const MOST_TABS = 40;

/** Lists, the file each is saved as, its headings, and a row of it in French. */
const SAVED = [
  {
    path: '/scenarios',
    file: 'scenarios.csv',
    fr: 'Scénario,État,Dedans,Témoins,Finalité,Priorité,Publié le',
    en: 'Scenario,State,In it now,Held out,Purpose,Priority,Published on',
    row: /^Relance panier,En cours,214,/,
  },
  {
    path: '/people',
    file: 'people.csv',
    fr: 'Personne,E-mail,Compte,Pays,Dernière nouvelle',
    en: 'Person,E-mail,Account,Country,Last news',
    row: /^Léa [^,]+,lea@example\.test,[^,]*,[^,]*,\d{4}-\d\d-\d\dT[^,]*Z$/,
  },
  {
    path: '/accounts',
    file: 'accounts.csv',
    fr: 'Compte,À faire,CA sur 365 jours,Personnes,Suivi par',
    en: 'Account,To do,"Revenue, 365 days",People,Owner',
    row: /^[^,]+,2,18420\.5,3,sales@maison-lumen\.example$/,
  },
  {
    path: '/decisions',
    file: 'decisions.csv',
    fr: 'Quand,Choix,Chance d’être choisie,Possibles,Personne,Scénario,Groupe',
    en: 'When,Choice,Chance of being chosen,Eligible,Person,Scenario,Group',
    row: /^[^,]*Z,Relance simple,0\.62,3,Léa /,
  },
  {
    path: '/tasks',
    file: 'tasks.csv',
    fr: 'Tâche,Personne,Compte,Suivi par,Échéance,Close le,Résultat,Pourquoi,Note',
    en: 'Task,Person,Account,Owner,Due,Closed,Outcome,Why,Note',
    row: /^Appeler Marc pour son réassort,Marc [^,]+,/,
  },
  {
    path: '/messages',
    file: 'messages.csv',
    fr: 'Quand,Canal,De,À,Objet,Texte',
    en: 'When,Channel,From,To,Subject,Text',
    row: /^\d{4}-\d\d-\d\dT.*Z,/,
  },
  {
    path: '/dead-letters',
    file: 'dead-letters.csv',
    fr: 'Arrivée,Source,Code,Raison,Détail,Essais,Tel que reçu,Tel que rejoué',
    en: 'Came,Source,Code,Reason,Detail,Attempts,As received,As replayed',
    // A number that a spreadsheet would compute is kept a text.
    row: /^\d{4}-\d\d-\d\dT[^,]*Z,crm,RLN-3204,[^,]*,'\+33 6 12 34 56 78 : /,
  },
] as const;

/** What people do on the pages. */
export function doing(harness: () => Harness): void {
  describe('what people do', () => {
    test('the keyboard alone opens a scenario, a step, and who is there', async () => {
      const { open, page, settled } = harness();
      await open('/scenarios');
      const focused = () =>
        page.evaluate<string>(`document.activeElement?.textContent?.trim() ?? ''`);
      const tabTo = async (text: string): Promise<void> => {
        for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
          await page.keyboard.press('Tab');
          if ((await focused()).startsWith(text)) return;
        }
        throw new Error(`${text} is not reached by the Tab key`);
      };
      await page.locator('body').press('Tab');
      expect(await focused()).toBe('Aller au contenu');
      await tabTo('Relance panier');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Parcours' }).waitFor();
      await settled();
      await tabTo('Le panier est-il revu');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Inès Carpentier').waitFor();
      expect(new URL(page.url()).searchParams.get('step')).toBe('came_back');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    });

    test('counts change in place, and nothing moves', async () => {
      const { open, page, server } = harness();
      await open('/scenarios/abandoned-cart');
      const step = page.getByRole('button', { name: /Le panier est-il revu/ });
      await step.getByText('86 ici').waitFor();
      const before = await step.boundingBox();
      server.bump = 1;
      await step.getByText('87 ici').waitFor();
      server.bump = 0;
      expect(await step.boundingBox()).toEqual(before);
    });

    test('an older version of a scenario shows its file', async () => {
      const { open, page, server, settled } = harness();
      await open('/scenarios/abandoned-cart?tab=versions');
      await page.getByRole('button', { name: 'Voir le fichier' }).nth(1).click();
      const dialog = page.getByRole('dialog', { name: 'Fichier' });
      await dialog.getByText('priority: 40').waitFor();
      expect(server.asked).toContain('GET /api/scenarios/abandoned-cart/source?definition=81aa2');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      await settled();
      expect(server.refused).toEqual([]);
    });

    test('a version is compared with the one before it', async () => {
      const { open, page, server } = harness();
      await open('/scenarios/abandoned-cart?tab=versions');
      await page.getByRole('button', { name: 'Voir les changements' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Changements depuis la version d’avant' });
      await dialog
        .getByText('+', { exact: true })
        .or(dialog.getByText('Les deux textes'))
        .first()
        .waitFor();
      expect(server.asked).toContain('GET /api/scenarios/abandoned-cart/source?definition=81aa2');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(server.refused).toEqual([]);
    });

    test('a task is closed in two clicks', async () => {
      const { open, page, server } = harness();
      await open('/accounts/acc_atelier', { role: 'sales' });
      server.bodies.length = 0;
      await page.getByRole('button', { name: 'Clore : Appeler Marc' }).click();
      await page.getByRole('menuitem', { name: 'A commandé' }).click();
      await page.getByText('Tâche close. Merci.').waitFor();
      expect(server.bodies).toEqual([
        { operation: 'closeTask', params: { id: 'tsk_1' }, body: { outcome: 'ordered' } },
      ]);
    });

    test('dead letters are replayed once it was said how many', async () => {
      const { open, page, server } = harness();
      await open('/dead-letters');
      server.bodies.length = 0;
      await page.getByRole('button', { name: 'Rejouer' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Rejouer 7 lettres ?' });
      await dialog.getByRole('button', { name: 'Rejouer' }).click();
      await page.getByText('7 lettres rejouées.').waitFor();
      const filter = { code: 'RLN-3101', source: 'import' };
      expect(server.bodies).toMatchObject([{ operation: 'replayDeadLetters', body: { filter } }]);
    });

    test('everything is paused once it was said what that touches, and confirmed again', async () => {
      const { open, page, server } = harness();
      await open('/today', { role: 'marketer' });
      server.bodies.length = 0;
      await page.getByRole('button', { name: 'Tout suspendre' }).click();
      const dialog = page.getByRole('dialog', { name: 'Tout suspendre' });
      await dialog.getByText('214 personnes dans un scénario, 12 messages').waitFor();
      const go = dialog.getByRole('button', { name: 'Tout suspendre' });
      expect(await go.isDisabled()).toBe(true);
      await dialog.getByLabel('Oui, je sais que rien ne partira plus').check();
      await go.click();
      await dialog.waitFor({ state: 'hidden' });
      expect(server.bodies.map(({ body }) => body)).toEqual([
        { act: 'pause', dryRun: true },
        { act: 'pause' },
      ]);
      await open('/results', { role: 'analyst' });
      await page.locator('h1', { hasText: 'Résultats' }).waitFor();
      expect(await page.getByRole('button', { name: 'Tout suspendre' }).count()).toBe(0);
    });

    test('enrolments of a filter are acted on once it was said how many', async () => {
      const { open, page, server } = harness();
      await open('/enrolments', { role: 'marketer' });
      await page.getByRole('button', { name: 'Ceux-là seulement' }).click();
      await page.waitForURL(/trouble=failing&scenario=abandoned-cart/);
      server.bodies.length = 0;
      await page.getByRole('button', { name: 'Suspendre ceux-là' }).click();
      const dialog = page.getByRole('dialog', { name: 'Suspendre ceux-là' });
      await dialog.getByText('Suspendre 34 parcours (33 personnes).').waitFor();
      await dialog.getByLabel('Oui, c’est bien ce que je veux').check();
      await dialog.getByRole('button', { name: 'Suspendre ceux-là' }).click();
      await dialog.waitFor({ state: 'hidden' });
      const filter = {
        trouble: 'failing',
        scenario: 'abandoned-cart',
        step: 'deliver-1',
        reason: 'consent_unknown',
      };
      expect(server.bodies.map(({ body }) => body)).toEqual([
        { act: 'pause', filter, dryRun: true },
        { act: 'pause', filter },
      ]);
      expect(server.refused).toEqual([]);
    });

    test('a dead letter shows what came, what was replayed in its place, and by whom', async () => {
      const { open, page, server } = harness();
      await open('/dead-letters');
      await page.getByRole('button', { name: /Le CRM a refusé cette écriture/ }).click();
      await page.getByText('Corrigé par marketing@maison-lumen.example').waitFor();
      for (const text of ['"contact":"C-88"', '"contact":"C-89"']) {
        await page.locator('pre', { hasText: text }).waitFor();
      }
      expect(server.refused).toEqual([]);
    });

    test('filters stand in the address, and the server is asked by them', async () => {
      const { open, page, server } = harness();
      await open('/people');
      await page.getByLabel('Rechercher une personne').fill('léa');
      await page.waitForURL(/q=/);
      await open('/people/prf_lea');
      await page.locator('label', { hasText: 'Décisions' }).click();
      await page.waitForURL(/kinds=decision/);
      await expect.poll(() => server.asked.at(-1)).toContain('timeline?kinds=decision');
      expect(server.refused).toEqual([]);
    });

    test('an engine that does not answer is said, and asked again', async () => {
      const { open, page, context, heard } = harness();
      await open('/scenarios', { role: 'marketer' });
      const menu = page.getByRole('navigation', { name: 'Navigation' });
      await context.setOffline(true);
      try {
        await menu.getByRole('link', { name: 'Messages' }).click();
        await page.getByText('Le moteur ne répond pas.').waitFor();
        await menu.getByRole('link', { name: 'Scénarios' }).click();
        await page.getByText('Les derniers chiffres ne sont pas arrivés').waitFor();
      } finally {
        await context.setOffline(false);
      }
      await menu.getByRole('link', { name: 'Messages' }).click();
      // Its code may have come by itself in the meantime.
      const again = page.getByRole('button', { name: 'Réessayer' });
      const mail = page.getByText('Votre panier vous attend').first();
      await again.or(mail).first().waitFor();
      if (await again.isVisible()) await again.click();
      await mail.waitFor();
      heard();
    });

    test.each(SAVED)('$path is saved as CSV, in French and in English', async (list) => {
      const { open, page } = harness();
      for (const locale of LOCALES) {
        await open(list.path, { locale, role: 'admin' });
        const button = { fr: 'Télécharger en CSV', en: 'Download as CSV' }[locale];
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: button }).click(),
        ]);
        expect(download.suggestedFilename()).toBe(list.file);
        const parts: Buffer[] = [];
        for await (const part of await download.createReadStream()) parts.push(part as Buffer);
        const [head, ...rows] = Buffer.concat(parts).toString('utf8').split('\r\n');
        expect(head).toBe(`\uFEFF${list[locale]}`);
        if (locale === 'fr') expect(rows.some((row) => list.row.test(row))).toBe(true);
      }
    });

    test('an address that leads nowhere says so', async () => {
      const { open, page } = harness();
      await open('/nowhere');
      await page.getByText('L’adresse a peut-être changé.').waitFor();
    });
  });
}
