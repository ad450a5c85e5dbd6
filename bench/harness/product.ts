import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '#libs/adapter-postgres';
import {
  checkoutDir,
  childEnvironment,
  loadSecrets,
  readRunFile,
  type RunFile,
} from '#libs/config';
import { freePort, isAlive, livingChildren, waitUntil, type ChildRecord } from '#libs/embedded';

/** What a product is started with. */
export interface ProductSettings {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Where mail goes; the sandbox where absent. */
  readonly smtpUrl?: string;
  /**
   * `RELANCE_CLOCK`. The wall's where absent: a real mail route runs on no other, and the people of
   * a load live where it is morning.
   */
  readonly clock?: string;
  /** With the people of the sample, as `npm start` does; `--empty` where absent. */
  readonly withSample?: boolean;
}

const READY_MS = 120_000;
const STOPPED_MS = 20_000;
const LOG_TAIL_CHARACTERS = 4_000;

/** The whole product, started by its own supervisor on a fresh home and free ports. */
export class Product {
  private supervisor: ChildProcess;

  private constructor(
    readonly home: string,
    /** What it runs with; a command of the CLI finds the product by it. */
    readonly env: NodeJS.ProcessEnv,
    private readonly args: readonly string[],
  ) {
    this.supervisor = this.launch();
  }

  static async start(settings: ProductSettings): Promise<Product> {
    const home = mkdtempSync(join(tmpdir(), 'relance-product-'));
    const [http, clickhouse, smtp] = [await freePort(), await freePort(), await freePort()];
    const external = ['DATABASE_URL', 'KAFKA_BROKERS', 'TEMPORAL_ADDRESS', 'CLICKHOUSE_URL'];
    const product = new Product(
      home,
      childEnvironment({
        ...Object.fromEntries(external.map((name) => [name, undefined])),
        LANG: 'C',
        RELANCE_HOME: home,
        RELANCE_WORKSPACE: settings.workspace,
        RELANCE_CLOCK: settings.clock ?? 'wall',
        PUBLIC_URL: undefined,
        HOST: '127.0.0.1',
        PORT: String(http),
        CLICKHOUSE_PORT: String(clickhouse),
        SMTP_SANDBOX_PORT: String(smtp),
        SMTP_URL: settings.smtpUrl,
        LOG_LEVEL: 'warn',
      }),
      settings.withSample === true ? [] : ['--empty'],
    );
    try {
      await product.ready();
    } catch (error) {
      await product.remove();
      throw error;
    }
    return product;
  }

  private launch(): ChildProcess {
    const log = openSync(this.logFile, 'a');
    try {
      const main = join(checkoutDir(), 'dist', 'apps', 'standalone', 'src', 'main.js');
      return spawn(process.execPath, [main, ...this.args], {
        env: this.env,
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  private get logFile(): string {
    return join(this.home, 'bench.log');
  }

  /** The end of what the product wrote. */
  get logTail(): string {
    return readFileSync(this.logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS);
  }

  /** Waits until this supervisor has said that everything does its work. */
  async ready(): Promise<void> {
    const isReady = (): boolean => readRunFile(this.home)?.pid === this.supervisor.pid;
    await waitUntil(() => isReady() || !this.isSupervised, READY_MS, 50);
    if (!isReady()) throw new Error(`the product did not get ready:\n${this.logTail}`);
  }

  get isSupervised(): boolean {
    return this.supervisor.exitCode === null && this.supervisor.signalCode === null;
  }

  /** Pid of the supervisor that was started last. */
  get pid(): number {
    return this.supervisor.pid ?? 0;
  }

  /** Where it listens; the same over restarts. */
  get url(): string {
    return `http://127.0.0.1:${this.env['PORT'] ?? ''}`;
  }

  get run(): RunFile {
    const run = readRunFile(this.home);
    if (run === undefined) throw new Error('there is no run.json');
    return run;
  }

  /** Key of capture. */
  get writeKey(): string {
    return loadSecrets(this.home).writeKey;
  }

  /** Processes of the product that live now, but for the supervisor. */
  get children(): readonly ChildRecord[] {
    return livingChildren(this.home);
  }

  /** A pool of connections to its PostgreSQL; the caller closes it. */
  openDatabase(): Database {
    const password = loadSecrets(this.home).postgresPassword;
    return new Database({
      url: `postgres://relance:${password}@127.0.0.1:${this.postgresPort()}/relance`,
      maxConnections: 3,
      applicationName: 'relance-bench',
      statementTimeoutMs: 300_000,
    });
  }

  private postgresPort(): number {
    const pid = this.children.find(({ role }) => role === 'postgres')?.pid;
    // As root the data may lie outside the home; the server works in its folder wherever that is.
    for (const folder of [join(this.home, 'postgres'), `/proc/${pid}/cwd`]) {
      try {
        const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
        return Number(lines[3]);
      } catch {
        continue;
      }
    }
    throw new Error('PostgreSQL is not there');
  }

  /** Starts the supervisor again on the same home, after it was killed. Does not wait. */
  startAgain(): void {
    this.supervisor = this.launch();
  }

  /** Stops everything in order, by pid, and removes the home. */
  async remove(): Promise<void> {
    const left = this.children;
    if (this.isSupervised) {
      this.supervisor.kill('SIGTERM');
      await waitUntil(() => !this.isSupervised, STOPPED_MS);
      if (this.isSupervised) this.supervisor.kill('SIGKILL');
    }
    for (const child of [...left, ...this.children]) {
      if (isAlive(child)) process.kill(child.pid, 'SIGKILL');
    }
    await waitUntil(() => left.every((child) => !isAlive(child)), STOPPED_MS);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
