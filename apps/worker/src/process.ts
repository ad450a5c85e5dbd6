import { randomUUID } from 'node:crypto';
import {
  Replies,
  runLoop,
  Turnstile,
  type LoopWork,
  type ChannelSender,
  type CompiledWorkspace,
  type LoopEvents,
} from '#libs/application';
import { keyedPseudonyms } from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { ClickHouseSink, connect } from '#libs/adapter-clickhouse';
import {
  AnchoredClock,
  Database,
  migrate,
  migrations,
  PostgresContactPreferences,
  PostgresTrackingStore,
  storeSandboxSms,
  writeFacts,
} from '#libs/adapter-postgres';
import { createSmtpSender } from '#libs/channel-email';
import { createSandboxSmsSender, createTwilioSender } from '#libs/channel-sms';
import { createWebhookClient } from '#libs/channel-webhook';
import {
  clockOf,
  ConfigError,
  hasSample,
  loadConfig,
  loadSecrets,
  unsafeClock,
  type Config,
  type Secrets,
} from '#libs/config';
import { present } from '#libs/kernel';
import { awaitTables, madeOnce } from './analysts-tables.js';
import { crmLoops } from './crm.js';
import { createEngine, type Engine } from './engine.js';
import { loopsOf, type Analytics } from './loops.js';
import { publishFolder } from './publish-folder.js';
import { keptDays } from './retention.js';
import { sampleLoop } from './sample.js';
import { sampleRemovalLoop } from './sample-removal.js';

const STOP_WITHIN_MS = 8_000;
/** They are made in a second; one that does not answer at all must not keep people waiting. */
const TABLES_WITHIN_MS = 5_000;

interface Parts {
  readonly config: Config;
  readonly clock: AnchoredClock;
  readonly database: Database;
  readonly engine: Engine;
  readonly secrets: Secrets;
  readonly channels: readonly ChannelSender[];
}

/** The engine as a process runs it: opened from the configuration, its loops turning. */
export class EngineProcess {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  private log: (message: string) => void = () => undefined;

  private constructor(private readonly parts: Parts) {}

  /** Opens the store, brings its schema up to date, and wires everything. */
  static async fromConfig(): Promise<EngineProcess> {
    const config = loadConfig();
    const secrets = loadSecrets(config.homeDir);
    const postgres = present(config.postgres, 'address of PostgreSQL');
    const database = new Database({
      url: postgres.url,
      maxConnections: 12,
      applicationName: 'relance-worker',
    });
    await migrate(database, migrations);
    const unsafe = unsafeClock(config);
    if (unsafe !== undefined) throw new ConfigError([unsafe]);
    const clock = await AnchoredClock.open(database, clockOf(config));
    const email = createSmtpSender({
      url: config.smtpUrl ?? `smtp://127.0.0.1:${config.smtpSandboxPort.port}`,
      provider: config.smtpUrl === undefined ? 'sandbox' : 'smtp',
    });
    const sms = smsSender(config, database, clock);
    const engine = await createEngine({
      database,
      clock,
      calendar: new LuxonCalendar(),
      pseudonyms: keyedPseudonyms(secrets.suppressionKey),
      channels: new Map([
        ['email', email],
        ['sms', sms],
      ]),
      webhooks: createWebhookClient(secrets.webhookSecret),
      partitions: config.partitions,
      baseUrl: config.publicUrl,
      linkKey: secrets.linkSigningKey,
      wallMs: Date.now,
      runId: randomUUID(),
    });
    return new EngineProcess({ config, clock, database, engine, secrets, channels: [email, sms] });
  }

  /**
   * Publishes the folder on a new home, then lets every loop turn. The analysts' tables come first:
   * beside the loops they would take seconds, and who is told "ready" asks at once.
   */
  async start(failed: LoopEvents['failed'], log: (message: string) => void): Promise<void> {
    this.log = log;
    const { stopping } = this;
    const { config, database, engine, secrets } = this.parts;
    await engine.wakeups.listen();
    await publishFolder(database, {
      folder: config.workspaceDir,
      nowMs: engine.options.clock.nowMs(),
      locale: config.locale,
      isSample: hasSample(config),
      failed: (problem) => failed('workspace', new Error(problem), 1),
    });
    await engine.workspace.refresh();
    const compiled = engine.workspace.isReady ? engine.workspace.published.compiled : null;
    // Read in now: with the first message it would wait a tenth of a second for the holidays.
    engine.options.calendar.isCountry(compiled?.relance.country ?? 'FR');
    const analytics = analyticsOf(config, secrets, compiled);
    const loops = [
      ...(await loopsOf(engine, analytics)),
      ...(await crmLoops(engine, config.homeDir)),
    ];
    if (hasSample(config)) loops.push(this.sampleLoop());
    if (analytics !== null) {
      await awaitTables(analytics.tables, TABLES_WITHIN_MS, stopping.signal);
    }
    const turnstile = new Turnstile();
    const all = [
      ...loops.map((loop) => passing(loop, turnstile)),
      sampleRemovalLoop({ engine, analytics: analytics?.writer ?? null, turnstile }),
    ];
    this.running = Promise.all(all.map((loop) => runLoop(loop, { failed }, stopping.signal)));
  }

  private sampleLoop(): LoopWork {
    const { database, engine, clock, secrets } = this.parts;
    const pseudonyms = keyedPseudonyms(secrets.suppressionKey);
    const store = new PostgresTrackingStore(database);
    const replies = new Replies({
      work: database,
      store,
      inbound: store,
      preferences: new PostgresContactPreferences((channel, address) =>
        pseudonyms.hash(channel, address),
      ),
      log: engine.log,
      writeFacts,
      clock,
    });
    let told = -1;
    return sampleLoop({
      engine,
      clock,
      replies,
      onLoading: (share) => {
        const percent = Math.floor(share * 20) * 5;
        if (percent > told) this.log(`sample data: ${percent} %`);
        told = Math.max(told, percent);
      },
    });
  }

  /** Finishes what is in hand, or hands it back, within a bound. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { channels, database, engine } = this.parts;
    engine.wakeups.wake();
    await Promise.race([
      this.running,
      new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref()),
    ]);
    await Promise.allSettled(channels.map((channel) => channel.close()));
    await engine.wakeups.close();
    await database.close();
  }
}

function passing(loop: LoopWork, turnstile: Turnstile): LoopWork {
  return { ...loop, turn: (signal) => turnstile.through(() => loop.turn(signal)) };
}

function smsSender(config: Config, database: Database, clock: AnchoredClock): ChannelSender {
  const { twilio } = config;
  if (twilio === undefined) {
    return createSandboxSmsSender((message) => storeSandboxSms(database, message, clock.nowMs()));
  }
  const { accountSid, authToken, apiUrl } = twilio;
  return createTwilioSender({
    accountSid,
    authToken,
    ...(apiUrl === undefined ? {} : { apiUrl }),
  });
}

function analyticsOf(
  config: Config,
  secrets: Secrets,
  compiled: CompiledWorkspace | null,
): Analytics | null {
  if (config.clickhouse === undefined) return null;
  const url = new URL(config.clickhouse.url);
  const isEmbedded = config.clickhouse.origin === 'embedded';
  const client = connect({
    url: url.origin,
    user: isEmbedded ? 'relance' : decodeURIComponent(url.username) || 'default',
    password: isEmbedded ? secrets.clickhousePassword : decodeURIComponent(url.password),
  });
  const writer = new ClickHouseSink(client, {
    retentionDays: keptDays(compiled),
    timezone: compiled?.relance.timezone ?? 'Europe/Paris',
    currency: compiled?.relance.currency ?? 'EUR',
  });
  return { writer, tables: madeOnce(() => writer.migrate()) };
}
