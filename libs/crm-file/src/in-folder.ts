import { lstat, open, readdir, rename, type FileHandle } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';
import { extname, join } from 'node:path';
import type { CrmRefusalCode } from '#libs/application';
import { hashId } from '#libs/kernel';
import { syncFolder } from './durable.js';
import { Reasons, shortName } from './reasons.js';

/** Kinds of file, by the start of their name. */
export type FileKind = 'contacts' | 'accounts' | 'targets' | 'complaints' | 'tasks';

/** A file ready to be read. */
export interface InFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly format: 'csv' | 'jsonl';
}

const NAME = /^(contacts|accounts|targets|complaints|tasks)-[\w.-]{1,120}\.(csv|jsonl)$/;
/** What programs call a file while they still write it. */
const UNFINISHED = /^\.|\.(?:part|partial|tmp|filepart|crdownload|swp)$|~$/i;

interface Look {
  readonly mark: string;
  readonly sinceWallMs: number;
}

/** The folder in which a CRM leaves its files, and those beside it to which they go. */
export class InFolder {
  private readonly looks = new Map<string, Look>();

  constructor(
    private readonly folder: string,
    private readonly options: {
      /** For how long a file must not have changed. */
      readonly settleMs: number;
      readonly wallMs: () => number;
    },
  ) {}

  /** Files of a kind that have not changed for a while, in the order of their names. */
  async ready(kind: FileKind): Promise<readonly InFile[]> {
    const found: InFile[] = [];
    for (const name of (await readdir(join(this.folder, 'in'))).sort()) {
      const match = NAME.exec(name);
      if (match?.[1] !== kind || UNFINISHED.test(name)) continue;
      const stats = await this.statOf(name);
      if (stats?.isFile() !== true || !this.isSettled(name, stats)) continue;
      found.push({ name, kind, format: match[2] as 'csv' | 'jsonl' });
    }
    return found;
  }

  /** Puts aside what is no file of an exchange: other names, links, folders, pipes. */
  async clear(): Promise<void> {
    const names = await readdir(join(this.folder, 'in'));
    for (const known of this.looks.keys()) if (!names.includes(known)) this.looks.delete(known);
    for (const name of names) {
      const stats = await this.statOf(name);
      if (stats === undefined || UNFINISHED.test(name)) continue;
      const isNamed = NAME.test(name);
      if (isNamed && stats.isFile()) continue;
      if (!this.isSettled(name, stats)) continue;
      await this.refuse(name, stats.isFile() ? 'unknown_name' : 'not_a_file').catch(
        () => undefined,
      );
    }
  }

  /** Opens for reading, never through a link and never waiting for a pipe. */
  async open(name: string): Promise<FileHandle> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    return await open(join(this.folder, 'in', name), flags);
  }

  async toDone(name: string, hash: string): Promise<void> {
    await this.move(name, 'done', hash);
  }

  /** The file as a whole is refused: moved, with its reason beside it. */
  async refuse(name: string, code: CrmRefusalCode, detail = ''): Promise<void> {
    const reasons = new Reasons(join(this.folder, 'refused'), name);
    await reasons.add([{ line: 0, code, detail }]);
    await reasons.finish();
    await this.move(name, 'refused', hashId('crm-refused', name, String(this.options.wallMs())));
  }

  reasons(name: string): Reasons {
    return new Reasons(join(this.folder, 'refused'), name);
  }

  private async statOf(name: string): Promise<Stats | undefined> {
    return await lstat(join(this.folder, 'in', name)).catch(() => undefined);
  }

  private isSettled(name: string, stats: Stats): boolean {
    const mark = `${stats.ino}/${stats.size}/${stats.mtimeMs}`;
    const wallMs = this.options.wallMs();
    const before = this.looks.get(name);
    const look = before?.mark === mark ? before : { mark, sinceWallMs: wallMs };
    this.looks.set(name, look);
    return wallMs - look.sinceWallMs >= this.options.settleMs;
  }

  /** A name that is taken already is told apart by the content's hash. */
  private async move(name: string, to: 'done' | 'refused', hash: string): Promise<void> {
    const from = join(this.folder, 'in');
    const target = join(this.folder, to);
    const short = shortName(name);
    const isTaken = await lstat(join(target, short)).then(
      () => true,
      () => false,
    );
    const end = extname(short);
    const other = `${short.slice(0, short.length - end.length)}~${hash.slice(0, 8)}${end}`;
    await rename(join(from, name), join(target, isTaken ? other : short));
    this.looks.delete(name);
    await syncFolder(target);
    await syncFolder(from);
  }
}
