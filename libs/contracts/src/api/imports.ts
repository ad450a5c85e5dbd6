import { z } from 'zod';
import { count, id, sentence } from './shared.js';

/** `POST /api/imports`; the same `key` names the same job, so that an import resumes. */
export const newImportBody = z.strictObject({
  /** Made by the importer from the mapping and the file's content. */
  key: z.string().min(8).max(100),
  kind: z.enum(['orders', 'profiles', 'accounts', 'events']),
  file: z.string().max(400),
  totalRows: count.optional(),
});

/** An import as it stands; `cursor` is where its sender may resume. */
export const importJob = z.object({
  id,
  state: z.enum(['running', 'done']),
  accepted: count,
  /** Line of NDJSON of the last batch that counts, as its sender counted; empty at first. */
  cursor: z.string(),
});

/** Most lines of one batch. */
export const IMPORT_BATCH = 2_000;

/** Query of `POST /api/imports/:job/events`; the body is NDJSON, a `RawEvent` a line. */
export const importBatchQuery = z.object({
  /** Stored with the batch: where to resume after it. */
  cursor: z.string().max(400).default(''),
  /** The last batch. */
  last: z.enum(['0', '1']).default('0'),
});

/** What became of a batch. */
export const importBatch = z.object({
  accepted: count,
  rejected: z.array(z.object({ line: count, code: z.string(), reason: sentence })),
});
