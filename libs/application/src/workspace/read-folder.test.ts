import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WORKSPACE_LIMITS } from '#libs/contracts';
import { SAMPLE } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';
import { readWorkspaceFolder } from './read-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relance-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

it('reads texts in order of path, and neither hidden paths, packages nor pictures', async () => {
  write('relance.yaml', 'workspace: x\n');
  write('segments/b.yaml', 'segment: b\n');
  write('segments/a.yaml', 'segment: a\n');
  write('.gitignore', '.relance/\n');
  write('.relance/secrets.json', '{}');
  write('templates/.cache/body.mjml', '');
  write('node_modules/x/package.json', '{}');
  write('templates/hi/logo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
  const { files, problems } = await readWorkspaceFolder(folder);
  expect([...files.keys()]).toEqual(['relance.yaml', 'segments/a.yaml', 'segments/b.yaml']);
  expect(problems).toEqual([]);
});

it('follows no link, and tells of those that may have been meant to configure something', async () => {
  write('relance.yaml', 'workspace: x\n');
  write('shared/vip.yaml', 'segment: vip\nwhen: profile.country == "FR"\n');
  symlinkSync('/etc/hostname', join(folder, 'linked.yaml'));
  symlinkSync(join(folder, 'shared'), join(folder, 'segments'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'lost.mjml'));
  symlinkSync('/etc/hostname', join(folder, 'hostname'));
  symlinkSync('/etc', join(folder, '.hidden'));
  const { files, problems } = await readWorkspaceFolder(folder);
  expect([...files.keys()]).toEqual(['relance.yaml', 'shared/vip.yaml']);
  expect(problems.map(({ code, severity, place }) => [code, severity, place?.file])).toEqual([
    ['RLN-1320', 'warning', 'linked.yaml'],
    ['RLN-1320', 'warning', 'lost.mjml'],
    ['RLN-1320', 'warning', 'segments'],
  ]);
  expect(problems[0]?.message['en']).toBe(
    '"linked.yaml" is a symbolic link: it is not followed, and what it points to is not read.',
  );
});

it('hands on a file of ours that is no UTF-8, so that its check can say so', async () => {
  write('latin.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
  const { files } = await readWorkspaceFolder(folder);
  expect(files.get('latin.yaml')).toBe('a: \ufffd');
});

it('stops at the most files a workspace may have, and says so', async () => {
  for (let n = 0; n <= WORKSPACE_LIMITS.files; n += 1) write(`notes/${n}.txt`, 'x');
  const { files, problems } = await readWorkspaceFolder(folder);
  expect(files.size).toBe(WORKSPACE_LIMITS.files);
  expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['RLN-1108', 'error']]);
});

it.each([
  ['profile.yaml', 1_025, 64],
  ['cart.yaml', 2_049, 64],
  ['templates/hi/body.fr.mjml', 1_025, 1_024],
])('tells of %s that is too large instead of leaving it out', async (path, size, limit) => {
  write(path, Buffer.alloc(WORKSPACE_LIMITS.fileBytes * Math.floor(size / 1_024) + 1, 'x'));
  write('photo.jpg', Buffer.alloc(WORKSPACE_LIMITS.fileBytes + 1));
  const { files, problems } = await readWorkspaceFolder(folder);
  expect(files.size).toBe(0);
  expect(problems).toMatchObject([
    {
      code: 'RLN-1002',
      severity: 'error',
      place: { file: path },
      message: {
        en: `This file is ${size} KB; the limit is ${limit} KB.`,
        fr: `Ce fichier pèse ${size} Ko ; la limite est ${limit} Ko.`,
      },
    },
  ]);
});

it('names of what lies behind a link stay unknown', async () => {
  for (const [path, text] of SAMPLE) write(path, text);
  rmSync(join(folder, 'segments/vip.yaml'));
  symlinkSync(join(folder, 'relance.yaml'), join(folder, 'segments/vip.yaml'));
  const { files, problems } = await readWorkspaceFolder(folder);
  const told = lintWorkspace(files, problems).problems;
  expect(told.map(({ code, place }) => [code, place?.file])).toEqual([
    ['RLN-1301', 'actions/welcome-offer.yaml'],
    ['RLN-1320', 'segments/vip.yaml'],
  ]);
});

it('tells of a file that is too large once: what names it is no second problem', async () => {
  write('profile.yaml', Buffer.alloc(WORKSPACE_LIMITS.fileBytes + 1, 'x'));
  const { files, problems } = await readWorkspaceFolder(folder);
  const told = lintWorkspace(files, problems);
  expect(told.workspace).toBeUndefined();
  expect(told.problems.filter(({ place }) => place?.file === 'profile.yaml')).toEqual(problems);
});
