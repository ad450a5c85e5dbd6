import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crmRefusalReason, type CrmRefusal } from '#libs/application';
import { hashId } from '#libs/kernel';
import { syncFolder } from './durable.js';

const MOST_TOLD = 10_000;
const LONGEST_NAME = 200;

/** Name that leaves room for what is added to it. */
export function shortName(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  return `${Array.from(name).slice(0, 40).join('')}~${hashId('crm-name', name).slice(0, 8)}`;
}

/** Why rows of a file were refused: `refused/<file>.reasons.jsonl`, written aside and then renamed. */
export class Reasons {
  count = 0;
  private handle: FileHandle | undefined;
  private readonly path: string;
  private readonly aside: string;

  constructor(
    private readonly folder: string,
    name: string,
  ) {
    const base = `${shortName(name)}.reasons.jsonl`;
    this.path = join(folder, base);
    this.aside = join(folder, `.${base}.tmp`);
  }

  async add(refusals: readonly CrmRefusal[]): Promise<void> {
    const told: CrmRefusal[] = [];
    for (const refusal of refusals) {
      this.count += 1;
      if (this.count <= MOST_TOLD) told.push(refusal);
      if (this.count === MOST_TOLD + 1) told.push({ ...refusal, code: 'too_many_refusals' });
    }
    if (told.length === 0) return;
    this.handle ??= await open(this.aside, 'w', 0o640);
    await this.handle.write(told.map(lineOf).join(''));
  }

  /** Puts the file in its place; nothing where nothing was refused. */
  async finish(): Promise<void> {
    if (this.handle === undefined) return;
    await this.handle.sync();
    await this.close();
    await rename(this.aside, this.path);
    await syncFolder(this.folder);
  }

  /** What was begun is left out: the file will be read again. */
  async abandon(): Promise<void> {
    if (this.handle === undefined) return;
    await this.close();
    await rm(this.aside, { force: true });
  }

  private async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }
}

function lineOf({ line, code, detail }: CrmRefusal): string {
  const reason = { fr: crmRefusalReason(code, 'fr'), en: crmRefusalReason(code, 'en') };
  return `${JSON.stringify({ line, code, reason, detail })}\n`;
}
