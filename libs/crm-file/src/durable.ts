import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Moments of publishing a file, in their order, for tests that break in. */
export type PublishPoint = 'opened' | 'written' | 'synced' | 'renamed' | 'published';

/** Told of each moment; a test may end the process there. */
export type AtPoint = (point: PublishPoint) => void;

/**
 * Writes a file that is there whole or not at all, whenever the machine stops: aside, to disk,
 * renamed, and the folder to disk. The same name and text again give the same file.
 */
export async function publishFile(
  folder: string,
  name: string,
  content: { readonly chunks: Iterable<string>; readonly atPoint?: AtPoint },
): Promise<void> {
  const { chunks, atPoint = () => undefined } = content;
  const aside = join(folder, `.${name}.tmp`);
  const handle = await open(aside, 'w', 0o640);
  try {
    atPoint('opened');
    for (const chunk of chunks) await handle.write(chunk);
    atPoint('written');
    await handle.sync();
    atPoint('synced');
  } finally {
    await handle.close();
  }
  await rename(aside, join(folder, name));
  atPoint('renamed');
  await syncFolder(folder);
  atPoint('published');
}

/** Brings a folder's names to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folders of an exchange where they are missing. */
export async function makeFolders(folder: string): Promise<void> {
  for (const name of ['in', 'out', 'done', 'refused']) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o750 });
  }
}
