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
  return [
    ...storeEngines(config, store),
    {
      part: 'analytics',
      name: 'ClickHouse',
      address: shown(config.clickhouse?.url),
      isEmbedded: config.clickhouse?.origin !== 'external',
      ...clickhouse,
    },
    ...channelEngines(config),
  ];
}

/** Not asked by this process: whoever uses it tells of its faults. */
const ASSUMED: Probed = { version: '', isUp: true, why: null };

/** The store, and the log and the runtime, which live in it unless an engine of their own is set. */
function storeEngines(config: Config, store: Probed): readonly EngineState[] {
  const { postgres, kafkaBrokers, temporal } = config;
  const address = shown(postgres?.url);
  return [
    {
      part: 'store',
      name: 'PostgreSQL',
      address,
      isEmbedded: postgres?.origin !== 'external',
      ...store,
    },
    kafkaBrokers === undefined
      ? { part: 'log', name: 'PostgreSQL', address, isEmbedded: true, ...store }
      : {
          part: 'log',
          name: 'Kafka',
          address: kafkaBrokers.join(', '),
          isEmbedded: false,
          ...ASSUMED,
        },
    temporal === undefined
      ? { part: 'runtime', name: 'PostgreSQL', address, isEmbedded: true, ...store }
      : {
          part: 'runtime',
          name: 'Temporal',
          address: temporal.address,
          isEmbedded: false,
          ...ASSUMED,
        },
  ];
}

function channelEngines({ smtpUrl, twilio }: Config): readonly EngineState[] {
  const email = { part: 'email', name: 'SMTP', address: shown(smtpUrl) } as const;
  const name = twilio === undefined ? 'SMS' : 'Twilio';
  const sms = { part: 'sms', name, address: shown(twilio?.apiUrl) } as const;
  return [
    { ...email, isEmbedded: smtpUrl === undefined, ...ASSUMED },
    { ...sms, isEmbedded: twilio === undefined, ...ASSUMED },
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
