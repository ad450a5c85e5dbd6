import { access, constants, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CRM_COMMAND_TYPES,
  CRM_SECTIONS,
  type CrmBatchBounds,
  type CrmCapabilities,
  type CrmChange,
  type CrmCommand,
  type CrmConnector,
  type CrmHealth,
  type CrmLinks,
  type CrmOutcome,
  type CrmPullPage,
  type CrmPullRequest,
  type CrmRefusal,
} from '#libs/application';
import type { CrmConfig } from '#libs/contracts';
import { canonicalJson, hashId } from '#libs/kernel';
import { makeFolders, publishFile, type AtPoint } from './durable.js';
import { InFolder, type InFile } from './in-folder.js';
import { inspectFile } from './inspect.js';
import { readLines } from './line-reader.js';
import { outName, outText } from './out-file.js';
import type { Reasons } from './reasons.js';
import { csvRows, FileRefusedError, jsonRows, type Row } from './rows.js';

/** What the file connector is made from. */
export interface FileConnectorOptions {
  readonly config: CrmConfig;
  /** `$RELANCE_HOME/crm/<id>`; its `in`, `out`, `done` and `refused` are made. */
  readonly folder: string;
  /** Files read to their end before. */
  readonly files: Pick<CrmLinks, 'isFileDone' | 'fileDone'>;
  readonly wallMs: () => number;
  /** For how long a file must not have changed before it is read; 2 s by default. */
  readonly settleMs?: number;
  /** Commands a file at most; 1,000 by default. */
  readonly maxBatch?: number;
  /** Told of the moments of writing, for tests. */
  readonly atPoint?: AtPoint;
}

const SETTLE_MS = 2_000;
const PAGE_ROWS = 500;
const PAGE_CHARACTERS = 2 * 1_024 * 1_024;
const MOST_ROWS_A_FILE = 1_000;

/** Exchanges files with a CRM: what it leaves in `in/` is taken over, commands lie in `out/`. */
export class FileConnector implements CrmConnector {
  readonly kind = 'file';
  readonly capabilities: CrmCapabilities;
  private readonly folder: InFolder;
  /** Of the file being read: what the taker refuses is told beside what reading refused. */
  private reasons: Reasons | undefined;

  constructor(private readonly options: FileConnectorOptions) {
    const { folder, wallMs, settleMs = SETTLE_MS } = options;
    this.capabilities = {
      streams: ['contact', 'account', 'targetList', 'complaint', 'task'],
      commands: CRM_COMMAND_TYPES,
      maxBatch: options.maxBatch ?? MOST_ROWS_A_FILE,
      quota: 'none',
      idempotency: 'key',
    };
    this.folder = new InFolder(folder, { wallMs, settleMs });
  }

  async health(): Promise<CrmHealth> {
    try {
      await makeFolders(this.options.folder);
      for (const name of ['in', 'out', 'done', 'refused']) {
        await access(join(this.options.folder, name), constants.R_OK | constants.W_OK);
      }
      return { ok: true };
    } catch (error) {
      return { ok: false, code: codeOf(error), message: messageOf(error) };
    }
  }

  async *pull(request: CrmPullRequest, signal: AbortSignal): AsyncGenerator<CrmPullPage> {
    const kind = CRM_SECTIONS[request.stream];
    if (kind === undefined) return;
    await makeFolders(this.options.folder);
    if (request.stream === this.capabilities.streams[0]) await this.folder.clear();
    for (const file of await this.folder.ready(kind)) {
      if (signal.aborted) return;
      yield* this.file(file, request.pageSize ?? PAGE_ROWS);
    }
  }

  async refuse(refusals: readonly CrmRefusal[]): Promise<void> {
    await this.reasons?.add(refusals);
  }

  /** A file that cannot be opened or read is put aside: the others go on. */
  private async *file(file: InFile, pageRows: number): AsyncGenerator<CrmPullPage> {
    let handle: FileHandle | undefined;
    try {
      handle = await this.folder.open(file.name);
      if (!(await handle.stat()).isFile()) throw new FileRefusedError('not_a_file');
      yield* this.opened(file, handle, pageRows);
    } catch (error) {
      const isRefused = error instanceof FileRefusedError;
      // Somebody took it back.
      if (isSystemError(error) && error.code === 'ENOENT') return;
      if (!isRefused && !isSystemError(error)) throw error;
      const code = isRefused ? error.code : 'unreadable';
      const detail = isRefused ? error.detail : codeOf(error);
      await this.folder.refuse(file.name, code, detail).catch(() => undefined);
    } finally {
      await this.reasons?.abandon();
      this.reasons = undefined;
      await handle?.close().catch(() => undefined);
    }
  }

  private async *opened(
    file: InFile,
    handle: FileHandle,
    pageRows: number,
  ): AsyncGenerator<CrmPullPage> {
    const { config, files, wallMs } = this.options;
    const section = config.pull[file.kind];
    if (section === undefined) throw new FileRefusedError('not_configured', file.kind);
    const before = await handle.stat();
    const content = await inspectFile(handle);
    // Another mapping reads the same file anew.
    const mark = hashId('crm-file', content, canonicalJson([config.source, section]));
    if (!(await files.isFileDone(config.connector, file.name, mark))) {
      const reasons = this.folder.reasons(file.name);
      this.reasons = reasons;
      yield* this.pages(file, handle, pageRows);
      const after = await handle.stat();
      // Somebody wrote into it meanwhile: what was read is taken, and it is read again.
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return;
      await reasons.finish();
      const isWhole = reasons.count === 0;
      if (isWhole) await files.fileDone(config.connector, file.name, mark, wallMs());
    }
    await this.folder.toDone(file.name, content);
  }

  private async *pages(
    file: InFile,
    handle: FileHandle,
    pageRows: number,
  ): AsyncGenerator<CrmPullPage> {
    let changes: CrmChange[] = [];
    let refusals: CrmRefusal[] = [];
    let characters = 0;
    for await (const row of this.rows(file, handle)) {
      if ('refusal' in row) refusals.push(row.refusal);
      else {
        changes.push(this.changeOf(file, row));
        characters += sizeOf(row.data);
      }
      if (refusals.length >= pageRows) {
        await this.refuse(refusals);
        refusals = [];
      }
      if (changes.length < pageRows && characters < PAGE_CHARACTERS) continue;
      yield { changes, cursor: `${file.name}:${changes.at(-1)?.line ?? 0}`, more: true };
      changes = [];
      characters = 0;
    }
    await this.refuse(refusals);
    if (changes.length > 0) yield { changes, cursor: `${file.name}:end`, more: false };
  }

  private rows(file: InFile, handle: FileHandle): AsyncGenerator<Row> {
    const lines = readLines(handle);
    if (file.format === 'jsonl') return jsonRows(lines);
    const section = this.options.config.pull[file.kind];
    const wanted =
      file.kind === 'tasks'
        ? [section?.fields['key'] ?? 'key']
        : Object.values(section?.identity ?? {});
    return csvRows(lines, (columns) => wanted.some((column) => columns.includes(column)));
  }

  private changeOf(file: InFile, row: Extract<Row, { line: number }>): CrmChange {
    const [column] = Object.values(this.options.config.pull[file.kind]?.identity ?? {});
    const id = column === undefined ? undefined : row.data[column];
    const crmId = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
    return { op: 'upsert', crmId, modifiedAt: '', data: row.data, line: row.line };
  }

  /** All or nothing: one file for the batch. A disk that refuses is tried again. */
  async push(
    batch: readonly CrmCommand[],
    _signal: AbortSignal,
    bounds?: CrmBatchBounds,
  ): Promise<readonly CrmOutcome[]> {
    if (batch.length === 0) return [];
    const { config, folder, atPoint } = this.options;
    try {
      await makeFolders(folder);
      await publishFile(join(folder, 'out'), outName(batch, config.format, bounds), {
        chunks: outText(batch, config.format),
        ...(atPoint === undefined ? {} : { atPoint }),
      });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const [code, message] = [codeOf(error), messageOf(error)];
      return batch.map(({ key }) => ({ key, ok: false, kind: 'retry', code, message }));
    }
    return batch.map(({ key, contact }) => ({ key, ok: true, crmId: contact.externalId }));
  }
}

function sizeOf(data: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const value of Object.values(data)) size += typeof value === 'string' ? value.length : 50;
  return size;
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function codeOf(error: unknown): string {
  return isSystemError(error) ? error.code : 'unknown';
}

/** Without the path: where the home lies is nobody's business in a table. */
function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split(',')[0] ?? '') : String(error);
}
