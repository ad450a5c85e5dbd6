import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { buildConsole, listen, openBrowser } from './browser.js';
import { startFixtureServer, type FixtureServer } from './fixture-server.js';
import type { Mode } from './fixtures/index.js';

/** Languages of the console. */
export const LOCALES = ['fr', 'en'] as const;
/** A language of the console. */
export type Locale = (typeof LOCALES)[number];

/** Who looks at what. */
export interface Visit {
  readonly locale: Locale;
  readonly mode: Mode;
  readonly role: FixtureServer['role'];
  readonly scheme: 'light' | 'dark';
}

/** One browser with one page, and the console it looks at, shared by every test. */
export interface Harness {
  /** Folder of the built files. */
  readonly dir: string;
  readonly server: FixtureServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page said to its console since it was last asked, less what is played on purpose. */
  readonly heard: () => readonly string[];
  /** Opens a page: within the document where nothing else changed, as a person does. */
  readonly open: (path: string, as?: Partial<Visit>) => Promise<void>;
  /** Waits until nothing loads any more. */
  readonly settled: () => Promise<void>;
  /** Keeps a picture where `RELANCE_SCREENSHOTS` names a folder. */
  readonly shoot: (name: string, part?: 'page' | 'window') => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Runs in the page, whose policy refuses text as code; types of browsers are not known here. */
function isSettled(): boolean {
  const { document } = globalThis as unknown as {
    document: { querySelector: (selector: string) => unknown };
  };
  const isLoading = document.querySelector('[aria-busy="true"], [data-loading="true"]') !== null;
  return !isLoading && document.querySelector('h1') !== null;
}

/** Chromium notes what is played here on purpose: an engine that refuses, a mail that is shut in. */
const isPlayed = (line: string, { mode, role }: Pick<FixtureServer, 'mode' | 'role'>): boolean =>
  (mode === 'failing' && line.includes('503')) ||
  (role === 'nobody' && line.includes('401')) ||
  line.includes('about:srcdoc') ||
  line.includes('https://shop.example.test/o/abc.gif');

async function shoot(page: Page, name: string, part: 'page' | 'window'): Promise<void> {
  const folder = process.env['RELANCE_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: part === 'page' });
}

/** Builds the console, serves it from fixtures and opens a browser. */
export async function startHarness(): Promise<Harness> {
  const built = buildConsole();
  const server = await startFixtureServer(built.dir);
  const { context, close } = await openBrowser();
  const page = context.pages()[0] ?? (await context.newPage());
  const listened = listen(page);
  const settled = async (): Promise<void> => {
    await page.waitForFunction(isSettled);
  };
  let visited = '';
  // A document of the console's own origin, so that a language can be chosen before the first page.
  await page.goto(`${server.url}/favicon.svg`);
  return {
    dir: built.dir,
    server,
    context,
    page,
    settled,
    heard: () => listened.take().filter((line) => !isPlayed(line, server)),
    open: async (path, as = {}) => {
      const visit: Visit = { locale: 'fr', mode: 'full', role: 'admin', scheme: 'light', ...as };
      server.mode = visit.mode;
      server.role = visit.role;
      if (visited === JSON.stringify(visit)) {
        await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`);
      } else {
        await page.evaluate(`localStorage.setItem('relance.locale', '${visit.locale}')`);
        await page.emulateMedia({ colorScheme: visit.scheme });
        await page.goto(server.url + path);
        visited = JSON.stringify(visit);
      }
      await settled();
    },
    shoot: (name, part = 'page') => shoot(page, name, part),
    close: async () => {
      await close();
      await server.close();
      built.remove();
    },
  };
}
