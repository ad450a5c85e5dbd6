import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Session, type ChdbResult } from 'chdb';
import { headerRemover, shapeOf } from './formats.js';
import { LANES, type LaneName } from './lanes.js';
import { Gate } from './gate.js';
import { refuse } from './refusal.js';
import { assignments, literal, type Settings } from './settings.js';

/** One query as a lane runs it. */
export interface Job {
  readonly lane: LaneName;
  readonly text: string;
  readonly format: string;
  readonly settings: Settings;
  /** Values of placeholders, written as an HTTP client writes them. */
  readonly params: ReadonlyMap<string, string>;
  readonly database: string;
  readonly signal: AbortSignal;
}

/** Raw rows into a table. */
export interface InsertJob {
  /** `INSERT INTO db.table (columns)` without SETTINGS, FORMAT and data. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly format:
    | 'JSONEachRow'
    | 'JSONCompactEachRow'
    | 'CSV'
    | 'CSVWithNames'
    | 'TabSeparated'
    | 'TabSeparatedWithNames';
  readonly values: Uint8Array;
  readonly settings: Settings;
  readonly database: string;
  readonly signal: AbortSignal;
}

/** What an answer cost. */
export interface Cost {
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
  readonly elapsedSeconds: number;
}

/** Takes the pieces of an answer; resolves when it can take the next. */
export type Receive = (piece: Uint8Array) => Promise<void>;

interface Opened {
  readonly key: string;
  readonly session: Session;
  database: string;
}

/** Largest answer of a format that cannot be sent in pieces. */
const WHOLE_BYTES = 128 * 1024 * 1024;

/** Sessions kept for the next query of the same lane and settings. */
const IDLE_SESSIONS = 16;

/** Memory at which what the allocator keeps for later is given back, looked at this often. */
const PURGE_AT_BYTES = 384 * 1024 * 1024;
const PURGE_EVERY_MS = 2_000;

/** After this much beyond its own limit a query that goes on is killed. */
const GRACE_MS = 2_000;

const NO_COST: Cost = {
  readRows: 0,
  readBytes: 0,
  writtenRows: 0,
  writtenBytes: 0,
  elapsedSeconds: 0,
};

const costOf = ({ rowsRead, bytesRead, elapsed }: ChdbResult): Cost => ({
  ...NO_COST,
  readRows: rowsRead,
  readBytes: bytesRead,
  elapsedSeconds: elapsed,
});

/** Whether the answer comes in one piece. SHOW and the like give no stream. */
function isWhole({ format, settings, text }: Job): boolean {
  return (
    shapeOf(format).kind === 'whole' ||
    settings.has('output_format_json_array_of_rows') ||
    !/^\s*(\(|select|with|from)/i.test(text)
  );
}

/** The query with a mark to know it by: behind, where it moves no position; before inline rows. */
function marked({ lane, text }: Job, mark: string): string {
  return lane === 'admin' ? `/*${mark}*/ ${text}` : `${text}\n/*${mark}*/`;
}

/** The settings of a job, with a bound on an answer that has to be held whole. */
function boundWhole(job: Job): Settings {
  if (!isWhole(job) || !LANES[job.lane].readonly) return job.settings;
  const asked = Number(job.settings.get('max_result_bytes') ?? 0);
  const bytes = asked > 0 ? Math.min(asked, WHOLE_BYTES) : WHOLE_BYTES;
  return new Map([...job.settings, ['max_result_bytes', String(bytes)]]);
}

/** What the engine holds as a whole: caches fit a small machine, memory has a ceiling. */
const CONFIGURATION = `<clickhouse>
  <logger><level>none</level></logger>
  <max_server_memory_usage>1800000000</max_server_memory_usage>
  <background_pool_size>4</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <mark_cache_size>33554432</mark_cache_size>
  <index_mark_cache_size>8388608</index_mark_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <query_condition_cache_size>8388608</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
</clickhouse>
`;

/**
 * The engine on one data folder. Sessions of one lane and one set of settings are kept and used
 * again; a query never shares a session with another one that runs.
 */
export class Engine {
  readonly #dataDir: string;
  readonly #connectionArgs: readonly string[];
  readonly #idle: Opened[] = [];
  readonly #gates = new Map<LaneName, Gate>();
  readonly #running = new Set<Promise<unknown>>();
  /** Marks of the queries that only read and run now. */
  readonly #reading = new Set<string>();
  readonly #purging: NodeJS.Timeout;
  #stopping = false;

  private constructor(dataDir: string, connectionArgs: readonly string[]) {
    this.#dataDir = dataDir;
    this.#connectionArgs = connectionArgs;
    for (const [name, lane] of Object.entries(LANES)) {
      this.#gates.set(name as LaneName, new Gate(lane));
    }
    this.#purging = setInterval(() => void this.#purge(), PURGE_EVERY_MS).unref();
  }

  /** Opens the folder, which must exist; throws where another process has it or it is unusable. */
  static async open(dataDir: string): Promise<Engine> {
    const file = join(dataDir, 'relance-engine.xml');
    writeFileSync(file, CONFIGURATION, { mode: 0o600 });
    const engine = new Engine(dataDir, [`--config-file=${file}`]);
    await engine.#session('metadata', new Map()).then((opened) => engine.#release(opened));
    return engine;
  }

  /** Names of every table function of the engine. */
  async tableFunctions(): Promise<readonly string[]> {
    const opened = await this.#session('metadata', new Map());
    const answer = await opened.session.queryAsync('SELECT name FROM system.table_functions', {
      format: 'TSV',
    });
    this.#release(opened);
    return answer.text().trim().split('\n');
  }

  /**
   * Runs a query in its lane and gives the answer away in pieces where the format allows it. Ends
   * the query in the engine when called off or past its time.
   */
  run(job: Job, receive: Receive): Promise<Cost> {
    return this.#enter(job.lane, job.signal, async () => {
      const opened = await this.#session(job.lane, boundWhole(job));
      await this.#prepare(opened, job);
      return this.#guarded(opened, job, (text) =>
        this.#answer(opened.session, { ...job, text }, receive),
      );
    });
  }

  /** Inserts rows without their going through a string. */
  insert(job: InsertJob): Promise<Cost> {
    return this.#enter('insert', job.signal, async () => {
      const opened = await this.#session('insert', new Map());
      try {
        await this.#use(opened, job.database);
        const { table, columns, format, values } = job;
        const written = await opened.session.insert({
          table,
          format,
          values,
          ...(columns.length === 0 ? {} : { columns }),
          settings: Object.fromEntries(job.settings),
        });
        return {
          ...NO_COST,
          writtenRows: written.rowsWritten,
          writtenBytes: written.bytesWritten,
          elapsedSeconds: written.elapsed,
        };
      } finally {
        this.#release(opened);
      }
    });
  }

  /** Refuses what comes, ends what reads, waits for what writes, and closes the folder. */
  async close(withinMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#purging);
    const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.all([...this.#reading].map((mark) => this.#kill(mark)));
    await Promise.race([Promise.allSettled(this.#running), late]);
    for (const { session } of this.#idle.splice(0)) session.close();
  }

  #enter<Answer>(
    lane: LaneName,
    signal: AbortSignal,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#stopping) return Promise.reject(refuse.stopping('The engine is stopping'));
    const gate = this.#gates.get(lane);
    if (gate === undefined) return Promise.reject(refuse.badArguments(lane));
    const running = gate.run(signal, () => {
      // It may have waited while we were told to stop.
      if (this.#stopping) throw refuse.stopping('The engine is stopping');
      return work();
    });
    this.#running.add(running);
    const done = (): void => void this.#running.delete(running);
    running.then(done, done);
    return running;
  }

  /** Ends the query at a call-off or past its time; the session is only used again when it is over. */
  async #guarded(opened: Opened, job: Job, answer: (text: string) => Promise<Cost>): Promise<Cost> {
    const mark = randomUUID();
    const end = (): void => void this.#kill(mark);
    if (LANES[job.lane].readonly) this.#reading.add(mark);
    const seconds = LANES[job.lane].limits['max_execution_time'];
    const timer =
      seconds === undefined ? undefined : setTimeout(end, seconds * 1_000 + GRACE_MS).unref();
    job.signal.addEventListener('abort', end, { once: true });
    try {
      return await answer(marked(job, mark));
    } finally {
      clearTimeout(timer);
      job.signal.removeEventListener('abort', end);
      this.#reading.delete(mark);
      this.#release(opened);
    }
  }

  async #answer(session: Session, job: Job, receive: Receive): Promise<Cost> {
    if (isWhole(job)) return this.#whole(session, job, receive);
    const stream = session.queryStream(job.text, { format: job.format });
    const startedMs = performance.now();
    const strip = headerRemover(job.format);
    let rows = 0;
    let bytes = 0;
    for await (const chunk of stream) {
      if (job.signal.aborted) throw refuse.cancelled('Query was cancelled');
      rows += chunk.numRows;
      bytes += chunk.numBytes;
      await receive(strip(chunk.raw()));
    }
    // Without a row there is no chunk, and so no header either.
    if (bytes === 0 && job.format !== 'JSONEachRow') return this.#whole(session, job, receive);
    return {
      ...NO_COST,
      readRows: rows,
      readBytes: bytes,
      elapsedSeconds: (performance.now() - startedMs) / 1_000,
    };
  }

  async #whole(session: Session, job: Job, receive: Receive): Promise<Cost> {
    const answer = await session.queryAsync(job.text, { format: job.format });
    if (job.signal.aborted) throw refuse.cancelled('Query was cancelled');
    await receive(answer.bytes());
    return costOf(answer);
  }

  async #prepare(opened: Opened, job: Job): Promise<void> {
    try {
      await this.#use(opened, job.database);
      for (const [name, value] of job.params) {
        await opened.session.queryAsync(`SET param_${name} = ${literal(value)}`);
      }
    } catch (error) {
      this.#release(opened);
      throw error;
    }
  }

  async #use(opened: Opened, database: string): Promise<void> {
    if (opened.database === database) return;
    await opened.session.queryAsync(`USE \`${database.replace(/[\\`]/g, '\\$&')}\``);
    opened.database = database;
  }

  async #session(lane: LaneName, settings: Settings): Promise<Opened> {
    const key = `${lane} ${assignments(settings)}`;
    const at = this.#idle.findIndex((opened) => opened.key === key);
    const [idle] = at === -1 ? [] : this.#idle.splice(at, 1);
    if (idle !== undefined) return idle;
    const session = new Session(this.#dataDir, { connectionArgs: this.#connectionArgs });
    try {
      await session.queryAsync(`SET ${this.#initial(lane, settings)}`);
    } catch (error) {
      session.close();
      throw error;
    }
    return { key, session, database: 'default' };
  }

  /** One SET for all: after `readonly = 1` nothing can be set any more. */
  #initial(lane: LaneName, settings: Settings): string {
    const { limits, readonly } = LANES[lane];
    const values = new Map(Object.entries(limits).map(([name, value]) => [name, String(value)]));
    for (const [name, value] of settings) values.set(name, value);
    const all = assignments(values);
    return readonly ? `${all}, readonly = 1` : all;
  }

  #release(opened: Opened): void {
    this.#idle.push(opened);
    if (this.#idle.length > IDLE_SESSIONS) this.#idle.shift()?.session.close();
  }

  /** Gives memory back that queries have left with the allocator. */
  async #purge(): Promise<void> {
    if (this.#stopping || process.memoryUsage.rss() < PURGE_AT_BYTES) return;
    await this.#aside('SYSTEM JEMALLOC PURGE');
  }

  /**
   * Runs a statement of the front's own, outside the lanes. Failing is no harm: memory is given back
   * the next time, and a query that is not killed ends at its own limit.
   */
  async #aside(text: string): Promise<void> {
    try {
      const opened = await this.#session('admin', new Map());
      await opened.session.queryAsync(text).finally(() => this.#release(opened));
    } catch {
      // See above.
    }
  }

  /** Ends the query that carries the mark; not waited for, because the engine ends it in its time. */
  async #kill(mark: string): Promise<void> {
    const half = Math.floor(mark.length / 2);
    // In two halves, so that the statement does not find itself.
    const needle = `concat('${mark.slice(0, half)}', '${mark.slice(half)}')`;
    await this.#aside(`KILL QUERY WHERE position(query, ${needle}) > 0 ASYNC`);
  }
}
