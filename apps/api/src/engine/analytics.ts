import type { ClickHouseAddress } from '#libs/adapter-clickhouse';
import { baseUrl, type Config, type Secrets } from '#libs/config';

const DATABASE = 'relance';

/**
 * Where this process reads the analytics store, as an analyst does: it cannot change what is there.
 * The embedded one by the port that the supervisor chose.
 */
export function analyticsAddress(
  config: Config,
  secrets: Secrets,
): ClickHouseAddress & { readonly database: string } {
  const isOwn = config.clickhouse?.origin !== 'external';
  const own = baseUrl('127.0.0.1', config.clickhousePort.port);
  const url = new URL(config.clickhouse?.url ?? own);
  return {
    url: url.origin,
    database: url.pathname.slice(1) || DATABASE,
    user: isOwn ? 'analyst' : decodeURIComponent(url.username) || 'default',
    password: isOwn ? secrets.analystPassword : decodeURIComponent(url.password),
  };
}
