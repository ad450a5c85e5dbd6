import type { RawEvent } from '#libs/contracts';

type Context = NonNullable<RawEvent['context']>;
type Given = Readonly<Record<string, unknown>>;

const MAX_AGENT = 512;

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown, maxLength: number): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, maxLength) : undefined;

/**
 * An address cut to what still tells a region: the last octet of IPv4 and all but the first 48 bits
 * of IPv6 are gone. Undefined where it is no address.
 */
export function truncateIp(ip: string): string | undefined {
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(ip);
  if (four !== null) return `${four[1]}.${four[2]}.${four[3]}.0`;
  if (!/^[0-9a-f:]{2,45}$/i.test(ip) || !ip.includes(':')) return undefined;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const groups = tail === undefined ? first : [...first, ...gap, ...last];
  return `${groups.slice(0, 3).join(':')}::`;
}

const PAGE_FIELDS = ['path', 'referrer', 'search', 'title', 'url'];
const CAMPAIGN_FIELDS = ['name', 'source', 'medium', 'term', 'content', 'id'];
const FIELD_MAX = 1_024;

function fieldsOf(value: unknown, names: readonly string[]): Record<string, string> | undefined {
  if (!isMap(value)) return undefined;
  const fields: Record<string, string> = {};
  let isEmpty = true;
  for (const name of names) {
    const text = textOf(value[name], FIELD_MAX);
    if (text === undefined) continue;
    fields[name] = text;
    isEmpty = false;
  }
  return isEmpty ? undefined : fields;
}

/** The part of a client's context worth keeping; undefined where nothing of it is. */
export function contextOf(given: Given, remoteIp: string | undefined): Context | undefined {
  const context: { -readonly [Key in keyof Context]: Context[Key] } = {};
  const ip = textOf(given['ip'], 64) ?? remoteIp;
  const cut = ip === undefined ? undefined : truncateIp(ip);
  if (cut !== undefined) context.ip = cut;
  const agent = textOf(given['userAgent'], MAX_AGENT);
  if (agent !== undefined) context.userAgent = agent;
  const locale = textOf(given['locale'], 35);
  if (locale !== undefined) context.locale = locale;
  const timezone = textOf(given['timezone'], 64);
  if (timezone !== undefined) context.timezone = timezone;
  const page = fieldsOf(given['page'], PAGE_FIELDS);
  if (page !== undefined) context.page = page;
  const campaign = fieldsOf(given['campaign'], CAMPAIGN_FIELDS);
  if (campaign !== undefined) context.campaign = campaign;
  const { library } = given;
  if (isMap(library)) {
    const name = textOf(library['name'], 80);
    const version = textOf(library['version'], 39);
    if (name !== undefined) context.library = version === undefined ? name : `${name}/${version}`;
  }
  return Object.keys(context).length === 0 ? undefined : context;
}
