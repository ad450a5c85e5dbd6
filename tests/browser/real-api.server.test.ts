import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consoleWorld, PASSWORD, type ConsoleWorld } from '../console-api/world.js';
import { known } from '../engine/world.js';
import { buildConsole, chromiumPath, listen, openBrowser } from './browser.js';
import { startProxy } from './proxy.js';

const isSkipped = chromiumPath === undefined && process.env['CI'] !== 'true';
const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const OWNER = 'rep@console.test';

/** Pages of a role as its menu and links lead there, and what each must say. */
const PATHS = [
  { path: '/today', says: 'Relance panier' },
  { path: '/scenarios/abandoned-cart', says: 'Panier' },
  { path: '/scenarios/abandoned-cart?tab=people', says: 'Personnes' },
  { path: '/scenarios/abandoned-cart?tab=decisions', says: 'Les plus récentes' },
  { path: '/people', says: 'Camille' },
  { path: '/accounts', says: 'Élan Décor' },
  { path: '/tasks', says: 'Tâches' },
  { path: '/messages', says: 'Messages' },
  { path: '/decisions', says: 'Décisions' },
  { path: '/dead-letters', says: 'Aucune lettre morte' },
  { path: '/status', says: 'État' },
];

describe.skipIf(isSkipped)('console over the real API', () => {
  const closers: (() => unknown)[] = [];
  let store: TestStore;
  let world: ConsoleWorld;
  let page: Page;
  let url: string;
  let heard: ReturnType<typeof listen>;

  async function live(): Promise<void> {
    const { engine } = world;
    const carts = ['u1', 'u2', 'u3', 'u4', 'u5'];
    for (const id of carts) await engine.send(known(id));
    const account = {
      ids: { siren: '732829320' },
      traits: { name: 'Élan Décor', owner: OWNER, country: 'FR' },
    };
    await engine.send([
      { type: 'group', name: 'group', source: 'crm', ids: { user_id: 'u1' }, account },
    ]);
    await engine.settle();
    await engine.send(
      carts.map((id, index) => ({
        name: 'cart_updated',
        ids: { user_id: id },
        properties: { cart_id: `c${index}`, total: 60.5 + index, currency: 'EUR' },
      })),
    );
    await engine.settle();
    for (let hours = 0; hours < 40; hours += 4) {
      engine.clock.advance(4 * HOUR_MS);
      await engine.settle();
    }
    await engine.send([
      {
        name: 'order_completed',
        ids: { user_id: 'u1' },
        properties: { order_id: 'o1', cart_id: 'c0', total: 60.5, currency: 'EUR' },
      },
    ]);
    await engine.settle();
  }

  beforeAll(async () => {
    const built = buildConsole();
    closers.push(built.remove);
    store = await openTestStore();
    closers.push(() => store.close());
    world = await consoleWorld(await store.fresh(), { workspace: 'scenarios', startMs: START_MS });
    closers.push(() => world.close());
    await live();
    await world.signIn('admin', 'admin@console.test');
    await world.signIn('sales', OWNER);
    const proxy = await startProxy(built.dir, world.url);
    closers.push(proxy.close);
    url = proxy.url;
    const browser = await openBrowser();
    closers.push(browser.close);
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    heard = listen(page);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  async function signIn(email: string): Promise<void> {
    await page.context().clearCookies();
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('Adresse e-mail').fill(email);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    heard.take();
  }

  async function shoot(name: string): Promise<void> {
    const folder = process.env['RELANCE_SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `real-${name}.png`), fullPage: true });
  }

  test('an administrator reads every page', async () => {
    await signIn('admin@console.test');
    for (const { path, says } of PATHS) {
      await page.goto(url + path);
      await page.getByText(says).first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      await shoot(path.slice(1).replace(/\W+/g, '-'));
      expect([path, await page.getByRole('alert').allInnerTexts()]).toEqual([path, []]);
      expect([path, heard.take()]).toEqual([path, []]);
    }
  });

  test('where one engine is away, only what needs it says so', async () => {
    await page.goto(`${url}/results`);
    await page.getByRole('alert').getByText('ClickHouse ne répond pas.').waitFor();
    expect(await page.getByLabel('Scénario').inputValue()).not.toBe('');
    expect(heard.take().every((line) => line.includes('503'))).toBe(true);
  });

  test('from a decision to its person, and from the person to the decision', async () => {
    await page.goto(`${url}/decisions`);
    heard.take();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Pourquoi' }).waitFor();
    await shoot('decision');
    await page.getByRole('main').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Le fil' }).waitFor();
    await page.getByRole('link', { name: 'Voir la décision' }).first().waitFor();
    await shoot('person');
    expect(heard.take()).toEqual([]);
  });

  test('a rep lands on their accounts and opens one', async () => {
    await signIn(OWNER);
    await page.getByRole('link', { name: 'Élan Décor' }).click();
    await page.getByRole('heading', { name: 'Que faire maintenant' }).waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await shoot('account');
    expect(heard.take()).toEqual([]);
  });
});
