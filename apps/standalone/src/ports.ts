import { fail, ok, type LocalText, type Result } from '#libs/kernel';
import { settingLine, settingProblem, type Config, type PortSetting } from '#libs/config';
import { isPortFree, nextFreePort } from '#libs/embedded';

/** The ports this run uses. */
export interface Ports {
  readonly http: number;
  readonly clickhouse: number;
  readonly smtpSandbox: number;
}

interface Wish {
  readonly setting: PortSetting;
  readonly variable: string;
  readonly host: string;
  readonly what: LocalText;
}

const LOOPBACK = '127.0.0.1';

const busy = ({ setting: { port }, variable: name }: Wish): LocalText =>
  settingLine(settingProblem('RLN-0105', { port, name }));

const moved = ({ setting, what }: Wish, port: number): LocalText => ({
  fr: `Le port ${setting.port} est pris : ${what['fr']} sur le port ${port}.`,
  en: `Port ${setting.port} is taken: ${what['en']} on port ${port}.`,
});

async function choose(
  wish: Wish,
  say: (text: LocalText) => void,
): Promise<Result<number, LocalText>> {
  const { host, setting } = wish;
  if (await isPortFree(setting.port, host)) return ok(setting.port);
  if (setting.isSet) return fail(busy(wish));
  const port = await nextFreePort(setting.port + 1, host);
  say(moved(wish, port));
  return ok(port);
}

/**
 * The ports to listen on. One that was asked for and is busy is refused; a default that is busy
 * gives way to the next free one, said aloud. Ports of external engines are not looked at.
 */
export async function choosePorts(
  config: Config,
  say: (text: LocalText) => void,
): Promise<Result<Ports, LocalText>> {
  const http = await choose(
    {
      setting: config.http,
      variable: 'PORT',
      host: config.host,
      what: { fr: 'la console est', en: 'the console is' },
    },
    say,
  );
  if (!http.ok) return http;
  const clickhouse = await chooseUnless(config.clickhouse !== undefined, say, {
    setting: config.clickhousePort,
    variable: 'CLICKHOUSE_PORT',
    host: LOOPBACK,
    what: { fr: 'ClickHouse est', en: 'ClickHouse is' },
  });
  if (!clickhouse.ok) return clickhouse;
  const smtp = await chooseUnless(config.smtpUrl !== undefined, say, {
    setting: config.smtpSandboxPort,
    variable: 'SMTP_SANDBOX_PORT',
    host: LOOPBACK,
    what: { fr: 'le bac à sable des e-mails est', en: 'the sandbox mailbox is' },
  });
  if (!smtp.ok) return smtp;
  return ok({ http: http.value, clickhouse: clickhouse.value, smtpSandbox: smtp.value });
}

async function chooseUnless(
  external: boolean,
  say: (text: LocalText) => void,
  wish: Wish,
): Promise<Result<number, LocalText>> {
  return external ? ok(wish.setting.port) : choose(wish, say);
}
