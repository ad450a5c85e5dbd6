import { isMap } from './context.js';

const MAX_ID = 512;
const MAX_IDS = 20;
const NAMESPACE = /^[a-z][a-z0-9_]{0,63}$/;

type Message = Readonly<Record<string, unknown>>;
type Ids = Record<string, string>;

/** An id as text; null where there is none; undefined where it cannot be one. */
function idText(value: unknown): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > MAX_ID) return undefined;
  return value.trim() === '' ? null : value;
}

/** Takes an id over; false where it is none. The first word on a namespace holds. */
function take(ids: Ids, namespace: string, value: unknown): boolean {
  const text = idText(value);
  if (text === undefined) return false;
  if (text !== null && ids[namespace] === undefined) ids[namespace] = text;
  return true;
}

/**
 * The ids of a message by namespace, or null where one is unusable: `userId`, `anonymousId`,
 * `previousId` (of `alias`), the address and phone of traits, `context.externalIds`, and a map
 * `ids` for namespaces that Segment's protocol has no word for.
 */
export function idsOf(
  message: Message,
  parts: { readonly traits: Message | undefined; readonly context: Message },
): Ids | null {
  const ids: Ids = {};
  const isTaken =
    take(ids, 'anonymous_id', message['anonymousId']) &&
    take(ids, 'user_id', message['userId']) &&
    (message['type'] !== 'alias' || take(ids, 'anonymous_id', message['previousId']));
  if (!isTaken) return null;
  const { traits } = parts;
  // A trait of the wrong type is refused as a trait, not as an id: the event itself is sound.
  if (typeof traits?.['email'] === 'string') take(ids, 'email', traits['email']);
  if (typeof traits?.['phone'] === 'string') take(ids, 'phone', traits['phone']);
  const extra = message['ids'];
  if (extra !== undefined && extra !== null && !takeMap(ids, extra)) return null;
  takeExternal(ids, parts.context['externalIds']);
  return ids;
}

function takeMap(ids: Ids, extra: unknown): boolean {
  if (!isMap(extra)) return false;
  const namespaces = Object.keys(extra);
  if (namespaces.length > MAX_IDS) return false;
  return namespaces.every((ns) => NAMESPACE.test(ns) && take(ids, ns, extra[ns]));
}

function takeExternal(ids: Ids, external: unknown): void {
  if (!Array.isArray(external)) return;
  for (const one of external.slice(0, MAX_IDS) as unknown[]) {
    if (!isMap(one)) continue;
    const ns = typeof one['type'] === 'string' ? one['type'].toLowerCase() : '';
    if (NAMESPACE.test(ns)) take(ids, ns, one['id']);
  }
}

/** Namespaces that name a company: those a `group` call may bring in its traits. */
const ACCOUNT_TRAIT_IDS: readonly (readonly [trait: string, namespace: string])[] = [
  ['siren', 'siren'],
  ['crmId', 'crm_id'],
  ['crm_id', 'crm_id'],
];

/** The ids of the account that a `group` call names; null where it names none. */
export function accountIdsOf(message: Message, traits: Message | undefined): Ids | null {
  const ids: Ids = {};
  if (!take(ids, 'group_id', message['groupId'])) return null;
  for (const [trait, namespace] of ACCOUNT_TRAIT_IDS) {
    if (typeof traits?.[trait] === 'string') take(ids, namespace, traits[trait]);
  }
  return Object.keys(ids).length === 0 ? null : ids;
}
