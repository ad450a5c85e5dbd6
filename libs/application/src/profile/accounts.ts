import { ownMember, type EpochMs, type JsonObject } from '#libs/kernel';
import { identityKey, isNewer, type ProfileRules } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import type { Placed } from './bench.js';
import type { AccountStore, AccountTrait, IdKey, Membership, StoredAccount } from './ports.js';
import type { Pseudonyms } from './settings.js';

const NAMESPACES = ['group_id', 'crm_id', 'siren'] as const;
const MOST_TRAITS = 50;
const LONGEST_VALUE = 500;

/** The accounts of one batch: found or made, with what was said of them. */
export class AccountBench {
  /** Changed in this batch, by id. */
  readonly changed = new Map<string, StoredAccount>();
  /** Locked in this batch, changed or not, by id. */
  readonly known = new Map<string, StoredAccount>();
  private readonly identities = new Map<string, IdKey & { readonly accountId: string }>();
  private readonly accountOf = new Map<string, string>();

  constructor(
    private readonly store: AccountStore,
    private readonly pseudonyms: Pseudonyms,
    private readonly rules: ProfileRules,
  ) {}

  /** Finds, makes and locks the accounts that events name. */
  async open(tx: Tx, events: readonly Placed[], nowMs: EpochMs): Promise<void> {
    const said = events.filter(({ incoming }) => incoming.event.account !== undefined);
    if (said.length === 0) return;
    const ids = new Map<string, IdKey>();
    for (const placed of said) {
      for (const id of this.idsOf(placed)) ids.set(identityKey(id.ns, id.value), id);
    }
    const found = await this.store.findByIds(tx, [...ids.values()]);
    for (const [key, accountId] of found) this.accountOf.set(key, accountId);
    const wanted = new Set<string>();
    for (const placed of said) {
      const accountId = this.resolve(placed, found);
      if (accountId !== undefined) wanted.add(accountId);
    }
    for (const account of await this.store.lock(tx, [...wanted].sort(), nowMs)) {
      this.known.set(account.accountId, account);
    }
    for (const placed of said) this.tell(placed, nowMs);
  }

  /** The membership an event states; undefined where it names no account. */
  membershipOf(placed: Placed): Membership | undefined {
    const { event, eventKey } = placed.incoming;
    if (event.account === undefined) return undefined;
    const accountId = this.find(placed);
    if (accountId === undefined) return undefined;
    const { role, left } = event.account;
    return { accountId, isMember: left !== true, role: role ?? null, atMs: event.atMs, eventKey };
  }

  /** Accounts read for expressions, by id, those of this batch as they are now. */
  async views(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    const missing = accountIds.filter((accountId) => !this.known.has(accountId));
    for (const account of await this.store.read(tx, missing)) {
      this.known.set(account.accountId, account);
    }
    return new Map(
      accountIds.flatMap((accountId) => {
        const account = this.known.get(accountId);
        return account === undefined ? [] : [[accountId, accountView(account)] as const];
      }),
    );
  }

  async save(tx: Tx): Promise<void> {
    await this.store.save(tx, [...this.changed.values()], [...this.identities.values()]);
  }

  /** Raises the version of accounts whose members or sums changed. */
  touch(accountIds: Iterable<string>, nowMs: EpochMs): void {
    for (const accountId of accountIds) {
      const account = this.known.get(accountId);
      if (account === undefined || this.changed.has(accountId)) continue;
      this.put({ ...account, version: account.version + 1, updatedAtMs: nowMs });
    }
  }

  /** Takes over an account as locked, unless this batch changed it already. */
  learn(account: StoredAccount): void {
    if (!this.changed.has(account.accountId)) this.known.set(account.accountId, account);
  }

  private idsOf({ incoming }: Placed): IdKey[] {
    const { key, also } = this.rules.accounts;
    const order = [...NAMESPACES, ...also];
    const rank = (ns: string) => (order.includes(ns) ? order.indexOf(ns) : order.length);
    return Object.entries(incoming.event.account?.ids ?? {})
      .map(([ns, value]) => ({
        // What a file calls the account's key is what a `group` call calls its group.
        ns: ns === key ? 'group_id' : ns,
        value: value.normalize('NFC').trim(),
      }))
      .filter(({ value }) => value !== '')
      .sort((left, right) => rank(left.ns) - rank(right.ns) || (left.ns < right.ns ? -1 : 1));
  }

  private find(placed: Placed): string | undefined {
    for (const { ns, value } of this.idsOf(placed)) {
      const accountId = this.accountOf.get(identityKey(ns, value));
      if (accountId !== undefined) return accountId;
    }
    return undefined;
  }

  private resolve(placed: Placed, found: ReadonlyMap<string, string>): string | undefined {
    const ids = this.idsOf(placed);
    const [first] = ids;
    if (first === undefined) return undefined;
    const accountId = this.find(placed) ?? this.pseudonyms.accountId(first.ns, first.value);
    for (const { ns, value } of ids) {
      const key = identityKey(ns, value);
      if (found.has(key) || this.accountOf.has(key)) continue;
      this.accountOf.set(key, accountId);
      this.identities.set(key, { ns, value, accountId });
    }
    return accountId;
  }

  private tell(placed: Placed, nowMs: EpochMs): void {
    const accountId = this.find(placed);
    const account = accountId === undefined ? undefined : this.known.get(accountId);
    if (account === undefined) return;
    const { event } = placed.incoming;
    const traits = this.traitsAfter(account, placed);
    const isChanged =
      account.version === 0 ||
      Object.entries(traits).some(
        ([name, { value }]) => ownMember(account.traits, name)?.value !== value,
      );
    const next = { ...account, traits, isSample: account.isSample || event.sample === true };
    if (!isChanged) {
      this.known.set(account.accountId, next);
      return;
    }
    const step = this.changed.has(account.accountId) ? 0 : 1;
    this.put({ ...next, version: account.version + step, updatedAtMs: nowMs });
  }

  private traitsAfter(account: StoredAccount, { incoming }: Placed): StoredAccount['traits'] {
    const { event, eventKey } = incoming;
    const { source, atMs } = event;
    const siren = event.account?.ids['siren'];
    const said = { ...(siren === undefined ? {} : { siren }), ...event.account?.traits };
    const traits: Record<string, AccountTrait> = { ...account.traits };
    for (const [name, value] of Object.entries(said)) {
      if (!this.mayTell(name, value, source)) continue;
      const told = { value: value as AccountTrait['value'], source, atMs, eventKey };
      const known = ownMember(traits, name);
      const hasRoom = known !== undefined || Object.keys(traits).length < MOST_TRAITS;
      if (hasRoom && (known === undefined || isNewer(told, known))) traits[name] = told;
    }
    return traits;
  }

  private mayTell(name: string, value: unknown, source: string): boolean {
    const { ownerFrom } = this.rules.accounts;
    if (name === 'owner' && ownerFrom !== '' && ownerFrom !== source) return false;
    if (typeof value === 'string') return value !== '' && value.length <= LONGEST_VALUE;
    return typeof value === 'number' || typeof value === 'boolean';
  }

  private put(account: StoredAccount): void {
    this.known.set(account.accountId, account);
    this.changed.set(account.accountId, account);
  }
}

/** What expressions read as `account`. */
export function accountView(account: StoredAccount): JsonObject {
  const traits = Object.entries(account.traits).map(([name, trait]) => [name, trait.value]);
  return { account_id: account.accountId, ...Object.fromEntries(traits) };
}
