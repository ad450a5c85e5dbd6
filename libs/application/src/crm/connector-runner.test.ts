import { describe, expect, it } from 'vitest';
import type { CrmConfig } from '#libs/contracts';
import { StoreError } from '../ports/transaction.js';
import { CrmConnectorRunner } from './connector-runner.js';
import type { CrmOutbox, OutboxBatch, SettledRow } from './outbox-ports.js';
import type { Change, Command, CrmConnector, CrmRefusal, Outcome } from './ports.js';

const config = (connector: string): CrmConfig =>
  ({ connector, source: 'crm', every: '1m', push: ['scores'], pull: {} }) as unknown as CrmConfig;

const commandOf = (key: string): Command => ({
  key,
  contact: { externalId: key },
  type: 'scores',
  values: {},
  at: '',
});

/** An outbox of one batch, kept in memory. */
class OneBatch implements Partial<CrmOutbox> {
  rows: { id: number; command: Command; state: string }[];
  attempts = 0;
  nextMs = 0;
  firstMs: number | null = null;

  constructor(keys: readonly string[]) {
    this.rows = keys.map((key, id) => ({ id, command: commandOf(key), state: 'batched' }));
  }

  openBatch({ wallMs, type }: Parameters<CrmOutbox['openBatch']>[0]): Promise<OutboxBatch | null> {
    const commands = this.rows.filter(({ state }) => state === 'batched');
    if (commands.length === 0 || wallMs < this.nextMs) return Promise.resolve(null);
    const bounds = { type, firstId: 0, lastId: this.rows.length - 1 };
    const { attempts, firstMs: firstTriedWallMs } = this;
    return Promise.resolve({ id: 1, bounds, firstTriedWallMs, attempts, commands });
  }

  settle(
    _id: number,
    rows: readonly SettledRow[],
    at: { wallMs: number; nextWallMs: number },
  ): Promise<void> {
    this.attempts += 1;
    this.firstMs ??= at.wallMs;
    this.nextMs = at.nextWallMs;
    for (const { id, state } of rows) {
      const row = this.rows[id];
      if (row !== undefined) row.state = state;
    }
    return Promise.resolve();
  }

  forget(): Promise<number> {
    return Promise.resolve(0);
  }

  get states(): readonly string[] {
    return this.rows.map(({ state }) => state);
  }
}

interface Fake {
  readonly outbox: OneBatch;
  readonly answers: (key: string) => Partial<Outcome>;
  readonly changes?: readonly Change[];
}

function fakeConnector(fake: Fake, refused: CrmRefusal[], pushes: string[][]): CrmConnector {
  return {
    kind: 'fake',
    capabilities: {
      streams: ['contact'],
      commands: ['scores'],
      maxBatch: 10,
      quota: 'none',
      idempotency: 'key',
    },
    health: () => Promise.resolve({ ok: true }),
    async *pull() {
      await Promise.resolve();
      if (fake.changes !== undefined) yield { changes: fake.changes, cursor: '', more: false };
    },
    push: (batch) => {
      pushes.push(batch.map(({ key }) => key));
      return Promise.resolve(batch.map(({ key }) => ({ key, ...fake.answers(key) }) as Outcome));
    },
    refuse: (refusals) => {
      refused.push(...refusals);
      return Promise.resolve();
    },
  };
}

function runnerOf(fake: Fake, connectors: readonly string[] = ['one']) {
  const refused: CrmRefusal[] = [];
  const pushes: string[][] = [];
  const clock = { wallMs: 0 };
  const runner = new CrmConnectorRunner({
    workspace: () => ({
      connectors: connectors.map(config),
      locale: 'fr',
      timezone: 'UTC',
      campaignName: (id) => id,
    }),
    connect: ({ connector }) => {
      if (connector === 'broken') {
        return {
          ...fakeConnector(fake, refused, pushes),
          push: () => Promise.reject(new Error('a bug')),
        };
      }
      return fakeConnector(fake, refused, pushes);
    },
    intake: {
      take: (_given, _stream, page) =>
        page.changes.some(({ crmId }) => crmId === 'poison')
          ? Promise.reject(new StoreError('never', false))
          : Promise.resolve({ fresh: page.changes.length, refusals: [] }),
    },
    outbox: fake.outbox as unknown as CrmOutbox,
    hold: (connector) => Promise.resolve(connector !== 'held'),
    wallMs: () => clock.wallMs,
  });
  const turn = () => runner.runOnce(new AbortController().signal);
  return { turn, refused, pushes, clock };
}

const ok = { ok: true, crmId: 'x' } as const;
const failed = (kind: string) =>
  ({ ok: false, kind, code: 'c', message: 'm' }) as unknown as Partial<Outcome>;

describe('CrmConnectorRunner', () => {
  it('keeps what may be tried again, refuses what is refused, and goes on with the rest', async () => {
    let tries = 0;
    const outbox = new OneBatch(['a', 'retry', 'reject', 'conflict']);
    const answers = (key: string) => {
      if (key === 'a') return ok;
      if (key === 'retry') {
        tries += 1;
        return tries > 2 ? ok : failed('retry');
      }
      return failed(key);
    };
    const { turn, clock, pushes } = runnerOf({ outbox, answers });
    await turn();
    expect(outbox.states).toEqual(['done', 'batched', 'refused', 'batched']);
    await turn();
    expect(pushes).toHaveLength(1);
    clock.wallMs += 10_000;
    await turn();
    expect(outbox.states).toEqual(['done', 'batched', 'refused', 'refused']);
    clock.wallMs += 10_000;
    await turn();
    expect(outbox.states).toEqual(['done', 'done', 'refused', 'refused']);
    expect(pushes.at(-1)).toEqual(['retry']);
  });

  it('gives up after a day, but never over a quota', async () => {
    const outbox = new OneBatch(['retry', 'quota']);
    const { turn, clock } = runnerOf({ outbox, answers: failed });
    await turn();
    clock.wallMs += 25 * 3_600_000;
    await turn();
    expect(outbox.states).toEqual(['refused', 'batched']);
  });

  it('refuses the one record the store will not take', async () => {
    const change = (crmId: string, line: number): Change => ({
      op: 'upsert',
      crmId,
      modifiedAt: '',
      data: {},
      line,
    });
    const changes = [change('a', 2), change('poison', 3), change('b', 4)];
    const { turn, refused } = runnerOf({ outbox: new OneBatch([]), answers: () => ok, changes });
    await turn();
    expect(refused).toEqual([{ line: 3, code: 'bad_value', detail: '' }]);
  });

  it('lets one connector fail alone, and leaves one that another process holds', async () => {
    const outbox = new OneBatch(['a']);
    const { turn } = runnerOf({ outbox, answers: () => ok }, ['held', 'broken', 'one']);
    await expect(turn()).rejects.toThrow('a bug');
    expect(outbox.states).toEqual(['done']);
  });
});
