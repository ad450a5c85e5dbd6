import { createHash, timingSafeEqual } from 'node:crypto';

/** Who a key stands for. */
export interface AccessKey {
  readonly id: string;
  /** `write` is public, it lies in web pages; `api` is a program's. */
  readonly kind: 'write' | 'api';
  /** Id of the source in `profile.yaml`. */
  readonly source: string;
}

/** Keys made beside the home's own two. */
export interface AccessKeyStore {
  /** The key of this hash unless revoked. */
  find(keyHash: string): Promise<AccessKey | null>;
}

/** The home's own keys. */
export interface HomeKeys {
  readonly writeKey: string;
  readonly apiKey: string;
}

const REMEMBERED_MS = 5_000;
const REMEMBERED_MAX = 1_000;
const MAX_KEY = 200;

/** What is stored of a key: SHA-256 in hexadecimal. Keys are random, so no salt is needed. */
export function keyHashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Tells who a key stands for; a revoked one is refused within 5 s. */
export class AccessKeys {
  private readonly remembered = new Map<string, { key: AccessKey | null; untilMs: number }>();
  private readonly own: readonly { readonly hash: Buffer; readonly key: AccessKey }[];

  constructor(
    home: HomeKeys,
    private readonly store: AccessKeyStore,
    private readonly elapsedMs: () => number,
  ) {
    const own = (text: string): Buffer => createHash('sha256').update(text).digest();
    this.own = [
      { hash: own(home.writeKey), key: { id: 'home-write', kind: 'write', source: 'web' } },
      { hash: own(home.apiKey), key: { id: 'home-api', kind: 'api', source: 'api' } },
    ];
  }

  /** Null where the key is unknown or revoked. */
  async find(key: string): Promise<AccessKey | null> {
    if (key === '' || key.length > MAX_KEY) return null;
    const hash = createHash('sha256').update(key).digest();
    const own = this.own.find((one) => timingSafeEqual(one.hash, hash));
    if (own !== undefined) return own.key;
    const text = hash.toString('hex');
    const nowMs = this.elapsedMs();
    const known = this.remembered.get(text);
    if (known !== undefined && known.untilMs > nowMs) return known.key;
    const found = await this.store.find(text);
    // Wrong keys are remembered too, so that a broken client does not become a query a request.
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.clear();
    this.remembered.set(text, { key: found, untilMs: nowMs + REMEMBERED_MS });
    return found;
  }
}
