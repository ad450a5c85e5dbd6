import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWorkspaceFolder } from '#libs/application';
import { openTestStore } from '#libs/testkit';
import { consoleWorld, HOME_KEY, PASSWORD, type ConsoleWorld } from '../console-api/world.js';
import { buildConsole, chromiumPath, listen, openBrowser, violations } from './browser.js';
import { startProxy } from './proxy.js';

const isSkipped = chromiumPath === undefined && process.env['CI'] !== 'true';
const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const FOLDER = join(import.meta.dirname, '../../scenarios');
const MARKETER = 'marketer@console.test';
const MOST_TABS = 80;
/** A draft is saved and checked a moment after it was written, longer on a machine in use. */
const PATIENTLY = { timeout: 20_000 };

describe.skipIf(isSkipped)('the editor over the real API', () => {
  const closers: (() => unknown)[] = [];
  let world: ConsoleWorld;
  let page: Page;
  let url: string;
  let heard: ReturnType<typeof listen>;

  beforeAll(async () => {
    const built = buildConsole();
    closers.push(built.remove);
    const store = await openTestStore();
    closers.push(() => store.close());
    world = await consoleWorld(await store.fresh(), { workspace: 'scenarios', startMs: START_MS });
    closers.push(() => world.close());
    const { files } = await readWorkspaceFolder(FOLDER);
    const body = { files: Object.fromEntries(files) };
    await world.ask('/api/workspace/apply', { method: 'POST', key: HOME_KEY, body });
    await world.signIn('marketer', MARKETER);
    const proxy = await startProxy(built.dir, world.url);
    closers.push(proxy.close);
    url = proxy.url;
    const browser = await openBrowser();
    closers.push(browser.close);
    browser.context.setDefaultTimeout(PATIENTLY.timeout);
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    heard = listen(page);
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('Adresse e-mail').fill(MARKETER);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    heard.take();
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  async function shoot(name: string): Promise<void> {
    const folder = process.env['RELANCE_SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `editor-${name}.png`), fullPage: true });
  }

  const text = () => page.getByRole('textbox', { name: 'Fichier YAML' });
  const saved = async (): Promise<void> => {
    await page.getByText('Brouillon enregistré').waitFor();
    await page.getByText('Aucun problème').waitFor();
  };
  const drafted = async (path: string): Promise<string> => {
    const answer = await world.ask(`/api/draft/file?path=${path}`, { key: HOME_KEY });
    return (answer.json as { text: string }).text;
  };

  /** Puts the cursor behind the first line that holds a text. */
  async function goTo(path: string, part: string): Promise<void> {
    const lines = (await drafted(path)).split('\n');
    const at = lines.findIndex((line) => line.includes(part));
    await text().focus();
    await page.keyboard.press('Control+Home');
    for (let line = 0; line < at; line += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
  }

  /** Undoes until the text is the one that is published. */
  async function takeBack(): Promise<void> {
    const undone = async (): Promise<boolean> => {
      await page.keyboard.press('Control+z');
      return await page.getByText('Comme publié').isVisible();
    };
    await expect.poll(undone, PATIENTLY).toBe(true);
  }

  async function contentOf(download: Download): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  }

  test('a marketer makes and publishes an abandoned-cart scenario', async () => {
    await page.goto(`${url}/scenarios`);
    await page.getByRole('button', { name: 'Nouveau scénario' }).click();
    const dialog = page.getByRole('dialog', { name: 'Nouveau scénario' });
    await dialog.getByLabel('Panier abandonné').check();
    await dialog.getByRole('textbox', { name: 'Nom', exact: true }).fill('Panier de l’été');
    await shoot('new');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Commencer' }).click();
    await page.waitForURL(/editor\?file=panier-de-l-ete\.yaml/);
    await text().waitFor();
    await saved();
    await shoot('started');

    await goTo('panier-de-l-ete.yaml', '- wait: 1h');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('x');
    const problem = page.getByRole('button', { name: /erreur.*Ligne/ }).first();
    await problem.waitFor();
    await text().locator('.cm-lintRange-error').first().waitFor();
    await shoot('broken');
    await page.keyboard.press('Control+Home');
    await problem.click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('h');
    await saved();

    const before = await drafted('panier-de-l-ete.yaml');
    const after = before.replace('  - wait: 1h\n', '  - wait: 1h\n  - wait: 2d\n');
    await page.getByRole('button', { name: 'Ajouter une étape après : Attendre 1 h' }).click();
    await page.getByRole('menuitem', { name: 'Attendre une durée' }).waitFor();
    await shoot('menu');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Attendre une durée' }).click();
    await page.getByRole('heading', { name: 'Attendre 1 j' }).waitFor();
    const field = page.getByRole('textbox', { name: /^Durée/ });
    await field.fill('2d');
    await field.press('Enter');
    await page.getByRole('heading', { name: 'Attendre 2 j' }).waitFor();
    await saved();
    await shoot('wait');
    await expect.poll(() => drafted('panier-de-l-ete.yaml'), PATIENTLY).toBe(after);

    // One history: the text's undo takes back what the graph did.
    await page.getByRole('button', { name: 'Défaire' }).click();
    await page.getByRole('button', { name: 'Défaire' }).click();
    await expect.poll(() => drafted('panier-de-l-ete.yaml'), PATIENTLY).toBe(before);
    await page.getByRole('button', { name: 'Refaire' }).click();
    await page.getByRole('button', { name: 'Refaire' }).click();
    await expect.poll(() => drafted('panier-de-l-ete.yaml'), PATIENTLY).toBe(after);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Télécharger le YAML' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('panier-de-l-ete.yaml');
    expect(await contentOf(download)).toBe(after);

    await page.getByRole('button', { name: 'Publier…' }).click();
    const plan = page.getByRole('dialog', { name: 'Publier ce fichier' });
    await plan.getByText('panier-de-l-ete').first().waitFor();
    await shoot('plan');
    expect(await violations(page)).toEqual([]);
    await plan.getByRole('button', { name: 'Publier', exact: true }).click();
    await page.getByText('Publié.').waitFor();
    await page.getByText('Comme publié').waitFor();
    await page.goto(`${url}/scenarios`);
    await page.getByRole('link', { name: 'Panier de l’été' }).waitFor();
    await shoot('list');
    expect(heard.take()).toEqual([]);
  });

  test('the keyboard alone makes and publishes one', async () => {
    const focused = () =>
      page.evaluate<string>(
        `document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''`,
      );
    const tabTo = async (name: string): Promise<void> => {
      for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
        await page.keyboard.press('Tab');
        if ((await focused()).startsWith(name)) return;
      }
      throw new Error(`${name} is not reached by the Tab key`);
    };
    await page.goto(`${url}/scenarios`);
    await page.getByRole('button', { name: 'Nouveau scénario' }).waitFor();
    await tabTo('Nouveau scénario');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Nouveau scénario' }).waitFor();
    await expect
      .poll(() => page.evaluate('document.activeElement?.tagName'), PATIENTLY)
      .toBe('INPUT');
    await page.keyboard.type('Au clavier');
    await page.keyboard.press('Enter');
    await page.waitForURL(/editor\?file=au-clavier\.yaml/);
    await saved();
    await page.locator('body').press('Tab');
    await tabTo('Parcours');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('list', { name: /^Étapes de/ }).waitFor();
    await tabTo('Ajouter une étape après : Attendre 1 h');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Attendre une durée' }).waitFor();
    await expect
      .poll(async () => {
        const at = await focused();
        if (at !== 'Attendre une durée') await page.keyboard.press('ArrowDown');
        return at;
      }, PATIENTLY)
      .toBe('Attendre une durée');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Attendre 1 j' }).waitFor();
    await saved();
    await expect
      .poll(() => drafted('au-clavier.yaml'), PATIENTLY)
      .toContain('  - wait: 1h\n  - wait: 1d\n');
    await tabTo('Fichier YAML');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# fin');
    await expect.poll(() => drafted('au-clavier.yaml'), PATIENTLY).toMatch(/# fin$/);
    // The text lets go of the Tab key.
    await page.keyboard.press('Tab');
    expect(await focused()).not.toBe('Fichier YAML');
    await page.locator('h1').click();
    await tabTo('Publier…');
    await page.keyboard.press('Enter');
    const plan = page.getByRole('dialog', { name: 'Publier ce fichier' });
    await plan.getByRole('button', { name: 'Publier', exact: true }).waitFor();
    await expect.poll(focused, PATIENTLY).toBe('Publier');
    await page.keyboard.press('Enter');
    await page.getByText('Comme publié').waitFor();
    expect(heard.take()).toEqual([]);
  });

  test('a step chosen in the path is marked in the text, and the other way round', async () => {
    await page.goto(`${url}/editor?file=abandoned-cart.yaml`);
    await text().waitFor();
    const path = page.getByRole('group', { name: /^Parcours de/ });
    await path.getByRole('button', { name: /^Choisir parmi 5/ }).click();
    await expect
      .poll(async () => (await text().locator('.cm-step').allInnerTexts()).join('\n'), PATIENTLY)
      .toContain('id: rescue');
    await goTo('abandoned-cart.yaml', 'id: came_back');
    await page.getByRole('heading', { name: 'Attendre : cart_viewed' }).waitFor();
    await path.locator('[aria-current=true]').getByText('Attendre : cart_viewed').waitFor();
    await shoot('chosen');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('ow');
    await page.getByRole('option', { name: 'owner' }).waitFor();
    await shoot('completion');
    await page.keyboard.press('Escape');
    await takeBack();
    expect(heard.take()).toEqual([]);
  });

  test('somebody else’s change is not written over', async () => {
    await page.goto(`${url}/editor?file=welcome.yaml`);
    await text().waitFor();
    await page.getByText('Comme publié').waitFor();
    const file = (await world.ask('/api/draft/file?path=welcome.yaml', { key: HOME_KEY })).json as {
      text: string;
      hash: string;
    };
    await goTo('welcome.yaml', 'scenario: welcome');
    const cookie = await world.signIn('admin');
    const theirs = { path: 'welcome.yaml', text: `# theirs\n${file.text}`, hash: file.hash };
    const body = { ...theirs, publishedHash: file.hash };
    await world.ask('/api/draft/file', { method: 'PUT', cookie, body });
    await page.keyboard.type(' # mine');
    await page.getByText('Quelqu’un a changé ce brouillon entre-temps').waitFor();
    expect(await drafted('welcome.yaml')).toBe(theirs.text);
    await shoot('conflict');
    await page.getByRole('button', { name: 'Garder le mien' }).click();
    await expect
      .poll(() => drafted('welcome.yaml'), PATIENTLY)
      .toContain('scenario: welcome # mine');
    expect(await drafted('welcome.yaml')).not.toContain('# theirs');
    await page.getByRole('button', { name: 'Abandonner le brouillon' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Abandonner le brouillon' }).click();
    await page.getByText('Comme publié').waitFor();
    expect(heard.take().filter((line) => !line.includes('409'))).toEqual([]);
  });

  test('another file of the workspace is text with its problems', async () => {
    await page.goto(`${url}/editor?file=segments/dormant.yaml`);
    await text().waitFor();
    await goTo('segments/dormant.yaml', 'when:');
    await page.keyboard.type(' &&');
    await page
      .getByRole('button', { name: /erreur.*Ligne/ })
      .first()
      .waitFor();
    expect(await page.getByRole('tab').count()).toBe(0);
    await takeBack();
    await page.getByText('Aucun problème').waitFor();
    expect(heard.take()).toEqual([]);
  });

  test('a draft that takes a file away says so, and is let go again', async () => {
    const path = 'win-back.yaml';
    const { json } = await world.ask(`/api/draft/file?path=${path}`, { key: HOME_KEY });
    const { hash } = json as { hash: string };
    const cookie = await world.signIn('admin');
    const body = { path, text: null, hash, publishedHash: hash };
    await world.ask('/api/draft/file', { method: 'PUT', cookie, body });
    await page.goto(`${url}/editor?file=${path}`);
    await page.getByText('Ce brouillon retire le fichier').waitFor();
    await page.getByRole('button', { name: 'Abandonner le brouillon' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Abandonner le brouillon' }).click();
    await page.getByText('Comme publié').waitFor();
    expect(heard.take()).toEqual([]);
  });

  test.each([
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
    { width: 390, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('is accessible at $width px, $scheme', async ({ width, scheme }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    try {
      await page.goto(`${url}/editor?file=abandoned-cart.yaml`);
      await page.getByRole('tab', { name: 'Parcours' }).waitFor();
      const tabs = width === 390 ? ['Étapes', 'Fichier YAML', 'Parcours'] : ['Étapes', 'Parcours'];
      for (const tab of tabs) {
        await page.getByRole('tab', { name: tab }).click();
        if (tab === 'Fichier YAML') await text().waitFor();
        const isWide = await page.evaluate<boolean>(
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        );
        await shoot(`${width}-${scheme}-${tab}`);
        expect([tab, isWide, await violations(page)]).toEqual([tab, false, []]);
      }
    } finally {
      await page.setViewportSize({ width: 1360, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
    }
  });

  test('an analyst reads, and changes nothing', async () => {
    // The page before would ask on, signed in as nobody.
    await page.goto('about:blank');
    await page.context().clearCookies();
    const cookie = await world.signIn('analyst');
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url }]);
    await page.goto(`${url}/editor?file=abandoned-cart.yaml`);
    await text().waitFor();
    await page.getByText('Votre rôle permet de lire ce fichier').waitFor();
    await goTo('abandoned-cart.yaml', 'scenario:');
    await page.keyboard.type('x');
    expect(await text().locator('.cm-line').first().innerText()).toBe('scenario: abandoned-cart');
    expect(await page.getByRole('button', { name: 'Publier…' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Ajouter une étape/ }).count()).toBe(0);
    expect(heard.take()).toEqual([]);
  });
});
