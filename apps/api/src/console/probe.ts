import { statfs } from 'node:fs/promises';
import type { AnalyticsReader, EngineState } from '#libs/application';
import type { Config } from '#libs/config';
import type { Database } from '#libs/adapter-postgres';

const ANSWERS_WITHIN_MS = 2_000;

interface Probed {
  readonly version: string;
  readonly isUp: boolean;
  readonly why: EngineState['why'];
}

const LATE: EngineState['why'] = { fr: 'pas de réponse', en: 'no answer' };

/** Runs a probe, bounded in time; a fault or a delay is an engine that is down. */
async function within(ask: Promise<string>): Promise<Probed> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ANSWERS_WITHIN_MS);
  });
  try {
    return { version: await Promise.race([ask, late]), isUp: true, why: null };
  } catch {
    return { version: '', isUp: false, why: LATE };
  } finally {
    clearTimeout(timer);
  }
}

/** An address without its password. */
function shown(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return '';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** Asks every engine whether it answers. Never throws; a few seconds at most. */
export async function probeEngines(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly analytics: AnalyticsReader | null;
}): Promise<readonly EngineState[]> {
  const { config, database, analytics } = parts;
  const askStore = async (): Promise<string> => {
    const rows = await database.query<{ v: string }>(`SELECT current_setting('server_version') v`);
    return rows.rows[0]?.v ?? '';
  };
  const askAnalytics = async (): Promise<string> => {
    const rows = await analytics?.query<{ v: string }>('SELECT version() AS v');
    if (rows === undefined) throw new Error('none');
    return rows[0]?.v ?? '';
  };
  const [store, clickhouse] = await Promise.all([within(askStore()), within(askAnalytics())]);
  const isEmbedded = (external: unknown): boolean => external === undefined;
  const assumed: Probed = { version: '', isUp: true, why: null };
  return [
    {
      part: 'store',
      name: 'PostgreSQL',
      address: shown(config.postgres?.url),
      isEmbedded: config.postgres?.origin !== 'external',
      ...store,
    },
    {
      part: 'log',
      name: isEmbedded(config.kafkaBrokers) ? 'PostgreSQL' : 'Kafka',
      address: config.kafkaBrokers?.join(', ') ?? shown(config.postgres?.url),
      isEmbedded: isEmbedded(config.kafkaBrokers),
      ...(isEmbedded(config.kafkaBrokers) ? store : assumed),
    },
    {
      part: 'runtime',
      name: isEmbedded(config.temporal) ? 'PostgreSQL' : 'Temporal',
      address: config.temporal?.address ?? shown(config.postgres?.url),
      isEmbedded: isEmbedded(config.temporal),
      ...(isEmbedded(config.temporal) ? store : assumed),
    },
    {
      part: 'analytics',
      name: 'ClickHouse',
      address: shown(config.clickhouse?.url),
      isEmbedded: config.clickhouse?.origin !== 'external',
      ...clickhouse,
    },
    {
      part: 'email',
      name: 'SMTP',
      address: shown(config.smtpUrl),
      isEmbedded: isEmbedded(config.smtpUrl),
      ...assumed,
    },
    {
      part: 'sms',
      name: isEmbedded(config.twilio) ? 'SMS' : 'Twilio',
      address: shown(config.twilio?.apiUrl),
      isEmbedded: isEmbedded(config.twilio),
      ...assumed,
    },
  ];
}

/** Room on the disk that holds the home; nulls where the system does not say. */
export async function diskOf(
  dir: string,
): Promise<{ readonly freeBytes: number | null; readonly totalBytes: number | null }> {
  try {
    const { bavail, bsize, blocks } = await statfs(dir);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return { freeBytes: null, totalBytes: null };
  }
}
