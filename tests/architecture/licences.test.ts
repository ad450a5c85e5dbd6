import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from './fixture.js';

/** Permissive licences, and the two weak ones that ask nothing of those who only use a library. */
const ALLOWED = new Set(
  [
    'MIT MIT-0 ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD Unlicense BlueOak-1.0.0 CC0-1.0',
    'CC-BY-3.0 CC-BY-4.0 Python-2.0 PSF-2.0 PostgreSQL Zlib WTFPL MPL-2.0',
  ].flatMap((line) => line.split(' ')),
);

function isAllowed(expression: string): boolean {
  const text = expression.replace(/[()*]/g, '').trim();
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  return text.split(' AND ').every((name) => ALLOWED.has(name.trim()));
}

interface Licensed {
  readonly licenses: string | readonly string[];
}

/** Every installed package by `name@version`. */
function installedLicences(): ReadonlyMap<string, Licensed> {
  const tool = join(
    root,
    'node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js',
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [tool, '--json', '--excludePrivatePackages', '--start', root],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stderr).toBe('');
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, Licensed>));
}

/** Packages that the console's own sources import: they go into what is served. */
function importedByConsole(): readonly string[] {
  const names = new Set<string>();
  for (const file of globSync('apps/console/src/**/*.{ts,tsx,css}', { cwd: root })) {
    if (file.includes('.test.')) continue;
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, target = ''] of source.matchAll(
      /(?:from|import\(?)\s*['"]([^'".#][^'"]*)['"]/g,
    )) {
      const parts = target.split('/');
      names.add(target.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? ''));
    }
  }
  return [...names].sort();
}

interface Locked {
  readonly version: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, Locked>>;

/** Packages with all they stand on, as locked, by `name@version`. */
function standingOn(names: readonly string[], lock: Lock): ReadonlyMap<string, Locked> {
  const placeOf = (name: string, from: string): string | undefined => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (lock[place] !== undefined) return place;
      if (at === '') return undefined;
    }
  };
  const found = new Map<string, Locked>();
  const seen = new Set<string>();
  const open = names.map((name) => ({ name, from: '' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const place = placeOf(next.name, next.from);
    const locked = place === undefined ? undefined : lock[place];
    // An optional peer may not be there.
    if (place === undefined || locked === undefined || seen.has(place)) continue;
    seen.add(place);
    found.set(`${next.name}@${locked.version}`, locked);
    const { dependencies, optionalDependencies, peerDependencies } = locked;
    const needed = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const name of Object.keys(needed)) open.push({ name, from: place });
  }
  return found;
}

describe('licences', () => {
  const { packages: lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  let installed: ReadonlyMap<string, Licensed>;
  beforeAll(() => {
    installed = installedLicences();
  });

  /** Refused packages, and those of which nothing is known though they must be there. */
  function complaints(packages: ReadonlyMap<string, Locked>): readonly string[] {
    return [...packages].flatMap(([name, { optional, devOptional }]) => {
      const known = installed.get(name);
      // Types are named by some packages and never shipped; others are for other platforms.
      const isAbsent = optional === true || devOptional === true || name.startsWith('@types/');
      if (known === undefined) return isAbsent ? [] : [`${name}: not installed`];
      const licences = [known.licenses].flat();
      return licences.every(isAllowed) ? [] : [`${name}: ${licences.join()}`];
    });
  }

  test('of every package that runs in production permit it', () => {
    const { dependencies = {} } = lock[''] ?? {};
    const packages = standingOn(Object.keys(dependencies), lock);
    expect(packages.size).toBeGreaterThan(50);
    expect(complaints(packages)).toEqual([]);
  });

  test('of every package of the console, which goes out to browsers, permit it', () => {
    const imported = importedByConsole();
    expect(imported).toEqual(
      expect.arrayContaining([
        '@dagrejs/dagre',
        '@mantine/core',
        '@xyflow/react',
        'echarts',
        'react',
      ]),
    );
    const packages = standingOn(imported, lock);
    expect([...packages.keys()].sort().join(' ')).toMatch(/d3-zoom@.* zrender@/);
    expect(complaints(packages)).toEqual([]);
  });

  test('are found by whoever stands on a package, however deep', () => {
    const small: Lock = {
      'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', peerDependencies: { c: '*' } },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '3.0.0' },
    };
    expect([...standingOn(['a'], small).keys()].sort()).toEqual(['a@1.0.0', 'b@2.0.0', 'c@3.0.0']);
    expect(complaints(standingOn(['a'], small))).toContain('c@3.0.0: not installed');
  });
});

test('a choice of licences is allowed by one, a sum of them by all', () => {
  expect(isAllowed('(MIT OR GPL-3.0)')).toBe(true);
  expect(isAllowed('MIT AND GPL-3.0')).toBe(false);
  expect(isAllowed('AGPL-3.0')).toBe(false);
});
