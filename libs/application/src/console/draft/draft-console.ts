import {
  DRAFT_FILES,
  roleOf,
  type ApiBody,
  type ApiRefusalName,
  type ApiResponse,
} from '#libs/contracts';
import { assert, contentHash, fail, type Locale, ok, present, type Result } from '#libs/kernel';
import type { AppliedWorkspace, WorkspaceStore } from '../operations/ports.js';
import type { WorkspaceConsole } from '../operations/workspace-console.js';
import type { CompiledWorkspace } from '../../workspace/compiled.js';
import { STANDARD_EVENTS } from '../../workspace/standard-events.js';
import { publishedOf, type ConsoleGround } from '../workspace-source.js';
import type { ChosenFile, DraftRow, DraftStore } from './ports.js';
import { nameOf, scenarioIdOf } from './read-name.js';
import { startingText } from './starting-points.js';

type FileView = ApiResponse<'draftFile'>;
type Applied = ApiResponse<'applyWorkspace'>;

/** Why a draft was not changed or published. */
export interface DraftRefusal {
  readonly refusal: Extract<
    ApiRefusalName,
    | 'draft_changed'
    | 'draft_behind'
    | 'draft_path'
    | 'draft_full'
    | 'scenario_exists'
    | 'not_found'
    | 'has_problems'
  >;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly problems?: Applied['problems'];
}

/** What drafting works with. */
export interface DraftConsolePorts {
  readonly ground: ConsoleGround;
  readonly drafts: DraftStore;
  readonly published: Pick<WorkspaceStore, 'latest'>;
  readonly workspace: Pick<WorkspaceConsole, 'lint' | 'plan' | 'apply'>;
}

/** Ends the transaction of a publishing whose draft changed under it. */
class DraftMoved extends Error {
  override readonly name = 'DraftMoved';
}

/**
 * The draft: what is edited in the console, file by file, over what is published. A file is saved
 * over the text that its author has seen or not at all, and published by the use case of
 * `relance apply`.
 */
export class DraftConsole {
  constructor(private readonly ports: DraftConsolePorts) {}

  async list(locale: Locale): Promise<ApiResponse<'draft'>> {
    const { drafts, published } = this.ports;
    const [rows, latest] = await Promise.all([drafts.list(), published.latest()]);
    const files = rows.map((row) => {
      const before = latest?.files[row.path];
      const id = row.text === null ? null : scenarioIdOf(row.path, row.text);
      return {
        path: row.path,
        change: changeOf(row, before),
        hash: row.hash,
        isBehind: isBehind(row, before),
        author: row.author,
        updatedAtMs: row.updatedAtMs,
        scenario: id === null ? null : { id, name: nameOf(row.text ?? '', locale) ?? id },
      };
    });
    const names = namesOf(publishedOf(this.ports.ground)?.compiled ?? null);
    return { files, origin: await this.originOf(latest), names };
  }

  /** Null where the file is neither drafted nor published. */
  async file(path: string): Promise<FileView | null> {
    const { drafts, published } = this.ports;
    const [row, latest] = await Promise.all([drafts.one(path), published.latest()]);
    const origin = await this.originOf(latest);
    const text = latest?.files[path];
    const before = text === undefined ? null : { text, hash: contentHash(text) };
    if (row !== null) {
      const { hash, author, updatedAtMs } = row;
      const shared = { path, hash, author, updatedAtMs, published: before, origin };
      return { ...shared, text: row.text, isDraft: true, isBehind: isBehind(row, text) };
    }
    if (before === null || latest === null) return null;
    const { author, appliedAtMs: updatedAtMs } = latest;
    const shared = { path, ...before, author, updatedAtMs, published: before, origin };
    return { ...shared, isDraft: false, isBehind: false };
  }

  async save(wish: ApiBody<'saveDraft'>, author: string): Promise<Result<FileView, DraftRefusal>> {
    const { path, text } = wish;
    const role = roleOf(path).role;
    if (role === 'other' || role === 'unknown') {
      return fail({ refusal: 'draft_path', params: { path } });
    }
    const before = await this.file(path);
    if ((before?.hash ?? null) !== wish.hash) return fail({ refusal: 'draft_changed' });
    if (before === null && text === null) return fail({ refusal: 'not_found' });
    if (before?.isDraft !== true && (await this.isFull())) {
      return fail({ refusal: 'draft_full', params: { limit: DRAFT_FILES } });
    }
    return await this.write(wish, before, author);
  }

  /** A new scenario as a draft, from one of the starting points. */
  async start(
    wish: ApiBody<'startDraft'>,
    by: { readonly author: string; readonly locale: Locale },
  ): Promise<Result<FileView, DraftRefusal>> {
    const { id } = wish;
    const path = `${id}.yaml`;
    const taken = fail<DraftRefusal>({ refusal: 'scenario_exists', params: { id } });
    const published = publishedOf(this.ports.ground);
    if (published?.scenarios.some(({ scenario }) => scenario === id) === true) return taken;
    if ((await this.file(path)) !== null) return taken;
    const text = startingText(wish, published?.compiled ?? null, by.locale);
    return await this.save({ path, text, hash: null, publishedHash: null }, by.author);
  }

  async discard(files: readonly ChosenFile[]): Promise<Result<null, DraftRefusal>> {
    const isDone = await this.ports.drafts.discard(files);
    return isDone ? ok(null) : fail({ refusal: 'draft_changed' });
  }

  /** Problems of the whole workspace as drafted, a file being written laid over it. */
  async lint(
    file: { readonly path: string; readonly text: string } | undefined,
  ): Promise<ApiResponse<'lintWorkspace'>> {
    const { drafts, published, workspace } = this.ports;
    const [rows, latest] = await Promise.all([drafts.list(), published.latest()]);
    const files = overlaid(latest?.files ?? {}, rows);
    return await workspace.lint(file === undefined ? files : { ...files, [file.path]: file.text });
  }

  async plan(
    chosen: readonly ChosenFile[],
    locale: Locale,
  ): Promise<Result<ApiResponse<'planWorkspace'>, DraftRefusal>> {
    const laid = await this.laidOver(chosen);
    if (!laid.ok) return laid;
    const planned = await this.ports.workspace.plan({ files: laid.value.files }, locale);
    return ok(present(planned, 'a plan of files'));
  }

  /** Publishes the chosen files over what is in force: all or nothing. */
  async publish(
    chosen: readonly ChosenFile[],
    by: { readonly author: string; readonly locale: Locale },
  ): Promise<Result<Applied, DraftRefusal>> {
    const { drafts, workspace } = this.ports;
    const laid = await this.laidOver(chosen);
    if (!laid.ok) return laid;
    const { files, overSeq } = laid.value;
    try {
      const done = await workspace.apply(
        { files },
        {
          ...by,
          alongside: async (tx, { seq, isNew }) => {
            const isDone = await drafts.publish(tx, { seq, isNew, overSeq, files: chosen });
            if (!isDone) throw new DraftMoved();
          },
        },
      );
      assert(!('isUnknown' in done), 'files are known');
      return 'applied' in done
        ? ok(done.applied)
        : fail({ refusal: 'has_problems', problems: done.problems });
    } catch (error) {
      if (error instanceof DraftMoved) return fail({ refusal: 'draft_changed' });
      throw error;
    }
  }

  private async isFull(): Promise<boolean> {
    return (await this.ports.drafts.list()).length >= DRAFT_FILES;
  }

  /** The store compares once more: what was read may be another's by now. */
  private async write(
    { path, text, publishedHash }: ApiBody<'saveDraft'>,
    before: FileView | null,
    author: string,
  ): Promise<Result<FileView, DraftRefusal>> {
    const { drafts, ground } = this.ports;
    const published = before?.published ?? null;
    const drafted = before?.isDraft === true ? before.hash : null;
    const hash = contentHash(text);
    if (text === (published?.text ?? null)) {
      const isDone = drafted === null || (await drafts.discard([{ path, hash: drafted }]));
      const saved = isDone ? await this.file(path) : null;
      return saved === null ? fail({ refusal: 'draft_changed' }) : ok(saved);
    }
    const updatedAtMs = ground.clock.nowMs();
    const row = { path, text, hash, baseHash: publishedHash, author, updatedAtMs };
    if (!(await drafts.put(row, drafted))) return fail({ refusal: 'draft_changed' });
    return ok({
      path,
      text,
      hash,
      author,
      updatedAtMs,
      published,
      isDraft: true,
      isBehind: isBehind(row, published?.text),
      origin: before?.origin ?? (await this.originOf(await this.ports.published.latest())),
    });
  }

  private async laidOver(
    chosen: readonly ChosenFile[],
  ): Promise<
    Result<{ readonly files: Record<string, string>; readonly overSeq: number }, DraftRefusal>
  > {
    const { drafts, published } = this.ports;
    const [rows, latest] = await Promise.all([drafts.list(), published.latest()]);
    const byPath = new Map(rows.map((row) => [row.path, row]));
    const taken: DraftRow[] = [];
    for (const { path, hash } of chosen) {
      const row = byPath.get(path);
      if (row?.hash !== hash) return fail({ refusal: 'draft_changed' });
      if (isBehind(row, latest?.files[path])) {
        return fail({ refusal: 'draft_behind', params: { path } });
      }
      taken.push(row);
    }
    return ok({ files: overlaid(latest?.files ?? {}, taken), overSeq: latest?.seq ?? 0 });
  }

  private async originOf(latest: AppliedWorkspace | null): Promise<ApiResponse<'draft'>['origin']> {
    if (latest === null) return null;
    return (await this.ports.drafts.isFromDraft(latest.seq)) ? 'console' : 'folder';
  }
}

/** What a scenario may name. */
function namesOf(compiled: CompiledWorkspace | null): ApiResponse<'draft'>['names'] {
  return {
    actions: compiled?.actions.map(({ id }) => id) ?? [],
    segments: compiled?.segments.map(({ id }) => id) ?? [],
    events: [
      ...new Set([
        ...(compiled?.events.map(({ event }) => event) ?? []),
        ...Object.keys(STANDARD_EVENTS),
      ]),
    ],
    purposes: compiled?.policies.purposes.map(({ id }) => id) ?? [],
  };
}

function changeOf({ text }: DraftRow, before: string | undefined) {
  if (text === null) return 'removed' as const;
  return before === undefined ? ('added' as const) : ('changed' as const);
}

function isBehind({ baseHash }: DraftRow, published: string | undefined): boolean {
  return baseHash !== (published === undefined ? null : contentHash(published));
}

function overlaid(
  published: Readonly<Record<string, string>>,
  rows: readonly DraftRow[],
): Record<string, string> {
  const files = new Map(Object.entries(published));
  for (const { path, text } of rows) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return Object.fromEntries(files);
}
