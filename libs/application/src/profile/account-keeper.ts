import type { EpochMs, JsonObject } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import { identityKey } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import { AccountBench, accountView } from './accounts.js';
import { readIncoming } from './incoming.js';
import type { AccountStore, Membership, StoredAccount } from './ports.js';
import type { ProfileSettings, Pseudonyms } from './settings.js';

/** Nothing kept here is ever undone. */
const TX = {} as Tx;

/** Keeps accounts in memory by the rules of the store, beside `ProfileKeeper`. */
export class AccountKeeper {
  private readonly accounts = new Map<string, StoredAccount>();
  private readonly ids = new Map<string, string>();
  private readonly store: AccountStore = {
    findByIds: (_tx, ids) =>
      Promise.resolve(
        new Map(
          ids.flatMap(({ ns, value }) => {
            const key = identityKey(ns, value);
            const accountId = this.ids.get(key);
            return accountId === undefined ? [] : [[key, accountId] as const];
          }),
        ),
      ),
    lock: (_tx, accountIds, atMs) =>
      Promise.resolve(
        accountIds.map((accountId) => this.accounts.get(accountId) ?? made(accountId, atMs)),
      ),
    read: (_tx, accountIds) =>
      Promise.resolve(accountIds.flatMap((accountId) => this.accounts.get(accountId) ?? [])),
    save: (_tx, accounts, identities) => {
      for (const account of accounts) this.accounts.set(account.accountId, account);
      for (const { ns, value, accountId } of identities) {
        this.ids.set(identityKey(ns, value), accountId);
      }
      return Promise.resolve();
    },
    summaries: () => Promise.resolve(new Map()),
    wakeMembers: () => Promise.resolve(),
  };

  constructor(
    private readonly settings: ProfileSettings,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** Learns what an event says of an account; answers what it says of the person's belonging to it. */
  async learn(event: RawEvent, profileId: string, nowMs: EpochMs): Promise<Membership | undefined> {
    const incoming = readIncoming(event, 0, this.settings);
    if ('code' in incoming) return undefined;
    const placed = { incoming, nodeId: profileId, refused: [] };
    const bench = new AccountBench(this.store, this.pseudonyms, this.settings.rules);
    await bench.open(TX, [placed], nowMs);
    await bench.save(TX);
    return bench.membershipOf(placed);
  }

  /** An account as it stands; kept as the caller states it. */
  put(account: StoredAccount): void {
    this.accounts.set(account.accountId, account);
  }

  get(accountId: string): StoredAccount | undefined {
    return this.accounts.get(accountId);
  }

  /** What expressions read as `account`. */
  readonly view = (accountId: string): JsonObject | null => {
    const account = this.accounts.get(accountId);
    return account === undefined ? null : accountView(account);
  };
}

function made(accountId: string, atMs: EpochMs): StoredAccount {
  return { accountId, version: 0, traits: {}, updatedAtMs: atMs, isSample: false };
}
