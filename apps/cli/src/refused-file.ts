import { closeSync, openSync, writeSync } from 'node:fs';
import type { RefusedRow } from '#libs/application';
import { misuse } from './cli-error.js';

const BUFFERED = 64 * 1_024;

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Refused rows as CSV, written while the import runs: there may be more than memory holds. */
export class RefusedFile {
  private held = 'line,reason,detail\n';

  private constructor(private readonly file: number) {}

  /** A new file; one that is there already, maybe the imported one, is never written over. */
  static create(path: string): RefusedFile {
    try {
      // What is refused may be about people: for the user's own eyes.
      return new RefusedFile(openSync(path, 'wx', 0o600));
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (code === 'EEXIST') {
        throw misuse(`Le fichier ${path} existe déjà.`, `The file ${path} exists already.`, {
          fr: 'Prenez un autre nom pour --refused : rien n’est écrasé.',
          en: 'Take another name for --refused: nothing is overwritten.',
        });
      }
      throw misuse(
        `Le fichier ${path} ne peut être créé (${code}).`,
        `The file ${path} cannot be made (${code}).`,
      );
    }
  }

  add({ line, reason, detail }: RefusedRow): void {
    this.held += `${line},${reason},${cell(detail)}\n`;
    if (this.held.length >= BUFFERED) this.write();
  }

  close(): void {
    this.write();
    closeSync(this.file);
  }

  private write(): void {
    const bytes = Buffer.from(this.held);
    for (let from = 0; from < bytes.length;) from += writeSync(this.file, bytes, from);
    this.held = '';
  }
}
