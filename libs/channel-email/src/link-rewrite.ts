import { signLink, type LinkKey } from './links.js';

/** What links are signed with. */
export interface RewriteOptions {
  /** `PUBLIC_URL`, without a trailing slash. */
  readonly baseUrl: string;
  readonly deliveryId: string;
  readonly key: LinkKey;
}

/** The bodies with signed links, and the targets by link index, to store with the delivery. */
export interface RewrittenLinks {
  readonly html: string;
  readonly text: string;
  readonly links: readonly string[];
}

const LINKS_MAX = 200;
const ANCHOR_HREF = /(<(?:a|area)\b[^>]*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi;
const TEXT_URL = /https?:\/\/[^\s<>"]+/gi;
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * Turns every http(s) link of the bodies into a signed click link. One target has one index,
 * wherever it stands. Our own links (unsubscribe, preferences, clicks), `mailto:`, `tel:` and
 * anchors stay; any other scheme, such as `javascript:`, is emptied. Beyond 200 targets the rest
 * stay as they are.
 */
export function rewriteLinks(html: string, text: string, options: RewriteOptions): RewrittenLinks {
  const indexes = new Map<string, string>();
  const signed = (target: string): string => {
    const known = indexes.get(target);
    if (known !== undefined) return known;
    if (indexes.size >= LINKS_MAX) return target;
    const { key, deliveryId } = options;
    const path = signLink(key, { kind: 'click', deliveryId, linkIndex: indexes.size });
    const link = options.baseUrl + path;
    indexes.set(target, link);
    return link;
  };
  const own = ownPrefixes(options.baseUrl);
  const newHtml = html.replace(
    ANCHOR_HREF,
    (whole: string, opening: string, double?: string, single?: string) => {
      const target = decodeEntities(double ?? single ?? '').trim();
      if (isWeb(target)) {
        const link = isOwn(target, own) ? target : signed(target);
        return link === target ? whole : `${opening}"${link}"`;
      }
      return isHarmless(target) ? whole : `${opening}"#"`;
    },
  );
  const newText = text.replace(TEXT_URL, (found) => {
    const target = withoutPunctuation(found);
    const link = isOwn(target, own) ? target : signed(target);
    return link + found.slice(target.length);
  });
  return { html: newHtml, text: newText, links: [...indexes.keys()] };
}

function ownPrefixes(baseUrl: string): readonly string[] {
  return ['/c/', '/u/', '/o/'].map((path) => baseUrl + path);
}

function isOwn(target: string, own: readonly string[]): boolean {
  return own.some((prefix) => target.startsWith(prefix));
}

function isWeb(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

function isHarmless(target: string): boolean {
  return target === '' || target.startsWith('#') || /^(?:mailto|tel|sms):/i.test(target);
}

/** The full stop that ends the sentence, and a bracket that was opened before the address. */
function withoutPunctuation(url: string): string {
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url[end - 1] ?? '';
    if (last === ')' && url.slice(0, end).includes('(')) break;
    if (!/[.,;:!?)\]}'*]/.test(last)) break;
  }
  return url.slice(0, end);
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
