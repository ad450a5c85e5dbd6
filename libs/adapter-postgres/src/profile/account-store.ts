import type { AccountStore, AccountTrait, IdKey, StoredAccount, Tx } from '#libs/application';
import { identityKey } from '#libs/profile';
import { inside } from '../base/database.js';

interface AccountRecord {
  [column: string]: unknown;
  account_id: string;
  version: number;
  updated_at_ms: number;
  is_sample: boolean;
  traits: string;
}

const COLUMNS = 'account_id, version, updated_at_ms, is_sample, traits';

function accountOf(row: AccountRecord): StoredAccount {
  return {
    accountId: row.account_id,
    version: row.version,
    updatedAtMs: row.updated_at_ms,
    isSample: row.is_sample,
    traits: JSON.parse(row.traits) as Record<string, AccountTrait>,
  };
}

/** Accounts in PostgreSQL, read and written in bulk. */
export class PostgresAccountStore implements AccountStore {
  async findByIds(tx: Tx, ids: readonly IdKey[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const found = await inside(tx).query<{ ns: string; value_norm: string; account_id: string }>(
      `SELECT i.ns, i.value_norm, i.account_id
       FROM unnest($1::text[], $2::text[]) AS k(ns, value_norm)
       JOIN account_identity i ON i.ns = k.ns AND i.value_norm = k.value_norm`,
      [ids.map((id) => id.ns), ids.map((id) => id.value)],
    );
    return new Map(found.rows.map((row) => [identityKey(row.ns, row.value_norm), row.account_id]));
  }

  async lock(
    tx: Tx,
    accountIds: readonly string[],
    atMs: number,
  ): Promise<readonly StoredAccount[]> {
    if (accountIds.length === 0) return [];
    const store = inside(tx);
    await store.query(
      `INSERT INTO account (account_id, version, updated_at_ms)
       SELECT id, 0, $2 FROM unnest($1::text[]) AS t(id) ORDER BY id ON CONFLICT DO NOTHING`,
      [accountIds, atMs],
    );
    const found = await store.query<AccountRecord>(
      `SELECT ${COLUMNS} FROM account WHERE account_id = ANY($1::text[])
       ORDER BY account_id FOR NO KEY UPDATE`,
      [accountIds],
    );
    return found.rows.map(accountOf);
  }

  async read(tx: Tx, accountIds: readonly string[]): Promise<readonly StoredAccount[]> {
    if (accountIds.length === 0) return [];
    const found = await inside(tx).query<AccountRecord>(
      `SELECT ${COLUMNS} FROM account WHERE account_id = ANY($1::text[])`,
      [accountIds],
    );
    return found.rows.map(accountOf);
  }

  async save(
    tx: Tx,
    accounts: readonly StoredAccount[],
    identities: readonly (IdKey & { readonly accountId: string })[],
  ): Promise<void> {
    const store = inside(tx);
    if (identities.length > 0) {
      // Lost against another transaction, the id stays with the account that had it first.
      await store.query(
        `INSERT INTO account_identity (ns, value_norm, account_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS t(a, b, c) ORDER BY a, b
         ON CONFLICT DO NOTHING`,
        [
          identities.map((one) => one.ns),
          identities.map((one) => one.value),
          identities.map((one) => one.accountId),
        ],
      );
    }
    if (accounts.length === 0) return;
    await store.query(
      `UPDATE account a SET version = t.b, updated_at_ms = t.c, is_sample = t.d, traits = t.e
       FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bool[], $5::text[])
         AS t(a, b, c, d, e)
       WHERE a.account_id = t.a`,
      [
        accounts.map((one) => one.accountId),
        accounts.map((one) => one.version),
        accounts.map((one) => one.updatedAtMs),
        accounts.map((one) => one.isSample),
        accounts.map((one) => JSON.stringify(one.traits)),
      ],
    );
  }

  async summaries(
    tx: Tx,
    accountIds: readonly string[],
    aggregate: string,
  ): Promise<ReadonlyMap<string, { readonly people: number; readonly amount: string }>> {
    const found = await inside(tx).query<{ account_id: string; people: number; amount: string }>(
      `SELECT account_id, count(*)::int AS people,
         coalesce(sum((doc->'aggregates'->>$2)::numeric), 0)::numeric(18,2)::text AS amount
       FROM profile WHERE account_id = ANY($1::text[]) AND merged_into IS NULL
       GROUP BY account_id`,
      [accountIds, aggregate],
    );
    return new Map(
      found.rows.map(({ account_id: id, people, amount }) => [id, { people, amount }]),
    );
  }

  async wakeMembers(tx: Tx, accountIds: readonly string[], atMs: number): Promise<void> {
    if (accountIds.length === 0) return;
    await inside(tx).query(
      `INSERT INTO agg_deadline (profile_id, due_at_ms)
       SELECT profile_id, $2 FROM profile
       WHERE account_id = ANY($1::text[]) AND merged_into IS NULL ORDER BY profile_id
       ON CONFLICT (profile_id) DO UPDATE SET due_at_ms = least(agg_deadline.due_at_ms, $2)`,
      [accountIds, atMs],
    );
  }
}
