import type { EpochMs } from '#libs/kernel';
import type { Tx } from '../../ports/transaction.js';

/** A file of the draft. */
export interface DraftRow {
  readonly path: string;
  /** Null: publishing takes the file away. */
  readonly text: string | null;
  readonly hash: string;
  /** Hash of the published text that the author has seen; null where it was not published. */
  readonly baseHash: string | null;
  readonly author: string;
  readonly updatedAtMs: EpochMs;
}

/** A file of the draft as somebody looked at it. */
export type ChosenFile = Pick<DraftRow, 'path' | 'hash'>;

/** The draft in the store: apart from what is published, one for the workspace. */
export interface DraftStore {
  /** By path. */
  list(): Promise<readonly DraftRow[]>;
  /** Null where the file is not drafted. */
  one(path: string): Promise<DraftRow | null>;
  /** False, and nothing written, where the row is not the expected one; null expects none. */
  put(row: DraftRow, expectedHash: string | null): Promise<boolean>;
  /** Takes files out of the draft, all or none: false where one is not as it was looked at. */
  discard(files: readonly ChosenFile[]): Promise<boolean>;
  /**
   * Takes published files out of the draft and notes that the version came from it. False where a
   * file, or what it was laid over, changed meanwhile: the transaction is then to be rolled back.
   */
  publish(
    tx: Tx,
    published: {
      readonly seq: number;
      readonly isNew: boolean;
      /** The version that the draft was laid over. */
      readonly overSeq: number;
      readonly files: readonly ChosenFile[];
    },
  ): Promise<boolean>;
  /** Whether a published version came from the draft. */
  isFromDraft(seq: number): Promise<boolean>;
}
