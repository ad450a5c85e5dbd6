import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawEventSchema } from '#libs/contracts';
import { chromiumPath, openBrowser } from '../browser/browser.js';
import { startHarness, type Harness } from './harness.js';

// Without Chromium this is skipped aloud; continuous integration must have one.
const isSkipped = chromiumPath === undefined && process.env['CI'] !== 'true';
const SDK = join(
  createRequire(import.meta.url).resolve('@segment/analytics-next/package.json'),
  '../dist/umd/index.js',
);

describe.skipIf(isSkipped)('the browser SDK', () => {
  let api: Harness;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  // A shop: another origin than the engine's.
  const shop = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Boutique</title>');
  });
  let shopUrl: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
    api = await startHarness();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
    shop.closeAllConnections();
    shop.close();
  });

  test('unchanged, told this address and the write key alone, sends what a page says', async () => {
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    await page.goto(`${shopUrl}/panier?utm_source=lettre`);
    await page.addScriptTag({ path: SDK });
    const settings = JSON.stringify({ writeKey: api.secrets.writeKey, cdnURL: api.url });
    await page.evaluate(`(async () => {
      const [analytics] = await AnalyticsNext.AnalyticsBrowser.load(${settings});
      await analytics.page('Panier');
      await analytics.identify('u-1', { plan: 'x' });
      await analytics.track('Cart Viewed', { cart_id: 'c-1' });
    })()`);
    await expect.poll(async () => (await api.events()).length).toBe(3);
    const events = await api.events();
    for (const event of events) expect(rawEventSchema.parse(event)).toEqual(event);
    const named = new Map(events.map((event) => [event.name, event]));
    expect([...named.keys()].sort()).toEqual(['cart_viewed', 'identify', 'page']);
    expect(named.get('cart_viewed')).toMatchObject({
      originalName: 'Cart Viewed',
      ids: { anonymous_id: expect.any(String), user_id: 'u-1' },
      properties: { cart_id: 'c-1' },
      hasTimestamp: true,
    });
    expect(new Set(events.map(({ ids }) => ids['anonymous_id'])).size).toBe(1);
  });
});
