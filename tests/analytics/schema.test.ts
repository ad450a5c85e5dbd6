import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseSink } from '#libs/adapter-clickhouse';
import { FACT_KINDS, factSchema, type Fact } from '#libs/contracts';
import { factOf, START_MS } from './facts.js';
import { openWorld, SETTINGS, type World } from './world.js';

/** The promise to outsiders, as `outside.md` has it. */
const PUBLIC = `
events: event_id, message_id, occurred_at, received_at, profile_id, account_id, source, name, properties, value, currency, historical
profile_history: profile_id, valid_from, trait, value, source
profiles: profile_id, merged_into, created_at, updated_at, country, locale, timezone, email_hash, email_domain, segments Array, consents Map, rfm, aggregates Map, account_id, owner
accounts: account_id, name, siren, owner, country, people, revenue_365d, currency, updated_at
enrolments: enrolment_id, scenario, definition, profile_id, account_id, entry_key, group, state, entered_at, ended_at, ended_as, runtime
enrolment_steps: enrolment_id, scenario, definition, step_id, visit, profile_id, entered_at, left_at, result, branch
decisions: decision_id, enrolment_id, scenario, definition, step_id, profile_id, decided_at, group, mode, model, model_version, policy, seed, chosen_action, chosen_treatment, chosen_propensity, explored, epsilon, n_candidates, n_eligible, fallback_reason, latency_us, features Map
decision_candidates: decision_id, action, treatment, channel, stage, passed, reason, reason_detail, p_raw, p_sampled, p_calibrated, sd, value, context_weight, lever, cost, score, propensity, rank, contributions
deliveries: delivery_id, decision_id, enrolment_id, scenario, step_id, profile_id, account_id, channel, action, treatment, template, purpose, sender, state, intended_at, accepted_at, updated_at, provider, provider_id, cost, currency, sms_segments
delivery_events: delivery_id, kind, at, link, code, detail, evidence Array
withheld: withheld_id, enrolment_id, decision_id, scenario, step_id, profile_id, channel, action, stage, reason, at
tasks: task_id, profile_id, account_id, owner, scenario, decision_id, title, due_at, state, outcome, closed_at, created_at
outcomes: outcome_id, kind, profile_id, account_id, at, value, currency, event_id, delivery_id, decision_id, scenario, attributed_by
rewards: decision_id, reward, value, matured_at, is_final
scenarios: scenario, definition, name_fr, name_en
actions: action, definition, name_fr, name_en, costs Map
`
  .trim()
  .split('\n')
  .map((line) => {
    const [table = '', columns = ''] = line.split(': ');
    return { table, columns: columns.split(', ').map((column) => column.split(' ')) };
  });

/** In money where the table says so; a reward's value is in the unit of the reward. */
const MONEY = /^(events|outcomes|decision_candidates)\.value$|\.(cost|revenue_365d)$/;
const TIME = /(_at|^at|valid_from)$/;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

let world: World;
let columns: readonly Column[];

beforeAll(async () => {
  world = await openWorld();
  await world.sink.migrate();
  // Other settings: every statement is applied again over what is there.
  const retentionDays = { events: 30, results: 60 };
  await new ClickHouseSink(world.client, { ...SETTINGS, retentionDays }).migrate();
  await world.sink.migrate();
  await world.sink.migrate();
  columns = await world.reader.query<Column>(
    "SELECT table, name, type, comment FROM system.columns WHERE database = 'relance'",
  );
});

afterAll(() => world.close());

const count = async (from: string): Promise<number> => {
  const [row] = await world.reader.query<{ n: number }>(`SELECT count() AS n FROM relance.${from}`);
  return row?.n ?? -1;
};

/** One fact of every kind, and a profile of another person. */
const everything = (): Fact[] => [
  ...FACT_KINDS.map((kind) => factOf(kind) as Fact),
  factOf('profile', { id: 'p2', profileId: 'p2', body: { changes: [] } }),
];

describe('the public tables', () => {
  it('are built from well-formed facts in these tests', () => {
    for (const fact of everything()) expect(factSchema.safeParse(fact).error).toBeUndefined();
  });

  it.each(PUBLIC)(
    '$table has every column of outside.md with its type',
    ({ table, columns: names }) => {
      for (const [name = '', shape = ''] of [...names, ['sample']]) {
        const column = columns.find((one) => one.table === table && one.name === name);
        expect(column, `${table}.${name}`).toBeDefined();
        const type = column?.type ?? '';
        if (TIME.test(name)) expect(type).toMatch(/^(Nullable\()?DateTime64\(3, 'UTC'\)\)?$/);
        if (MONEY.test(`${table}.${name}`))
          expect(type).toMatch(/^(Nullable\()?Decimal\(18, 4\)\)?$/);
        if (name === 'sample') expect(type).toBe('UInt8');
        expect(type.startsWith(shape), `${table}.${name} ${type}`).toBe(true);
      }
    },
  );

  it('explain every column in the database itself', () => {
    const shown = columns.filter(
      ({ table }) => !table.endsWith('_rows') && !['sink_batches', 'schema_stamps'].includes(table),
    );
    expect(shown.length).toBeGreaterThan(250);
    expect(shown.filter(({ comment }) => comment === '')).toEqual([]);
  });

  it('serve the analyst every view', async () => {
    const tables = new Set(
      columns.map(({ table }) => table).filter((name) => !name.endsWith('_rows')),
    );
    for (const name of [
      'campaign_results',
      'campaign_lift',
      'account_results',
      'decision_funnel',
      'deliverability',
      'freshness',
    ]) {
      expect(tables).toContain(name);
    }
    for (const name of tables) {
      const answer = await world.ask(`SELECT * FROM relance.${name} FORMAT JSONEachRow`);
      expect(answer.status, `${name}: ${answer.text}`).toBe(200);
    }
  });
});

describe('the sink', () => {
  it('shows a batch once, however often it is sent', async () => {
    const facts = everything();
    await world.sink.insert(facts);
    const before = await Promise.all(PUBLIC.map(({ table }) => count(table)));
    expect(before.every((rows) => rows > 0)).toBe(true);
    await world.sink.insert(facts);
    await world.sink.insert(facts.toReversed());
    await Promise.all(facts.map((fact) => world.sink.insert([fact])));
    expect(await Promise.all(PUBLIC.map(({ table }) => count(table)))).toEqual(before);
    expect(await count('decision_candidates')).toBe(2);
  });

  it('does not even store a batch twice that is sent again unchanged', async () => {
    const facts = [1, 2, 3].map((n) => factOf('withheld', { id: `same-${n}` }));
    await world.sink.insert(facts);
    await world.sink.insert(facts);
    expect(await count("withheld_rows WHERE startsWith(withheld_id, 'same-')")).toBe(3);
  });

  it('keeps the greatest version, in whatever order versions come', async () => {
    const version = (n: number, state: 'intended' | 'accepted' | 'delivered') =>
      factOf('delivery', { id: 'v-order', version: n, body: { state, updatedAtMs: START_MS + n } });
    await world.sink.insert([version(3, 'delivered')]);
    await world.sink.insert([version(1, 'intended'), version(2, 'accepted')]);
    expect(
      await world.reader.query(
        "SELECT state, updated_at FROM relance.deliveries WHERE delivery_id = 'v-order'",
      ),
    ).toEqual([{ state: 'delivered', updated_at: '2026-11-12 10:00:00.003' }]);
  });

  it('gives back exactly what a fact says', async () => {
    await world.sink.insert([factOf('event', { id: 'exact' })]);
    expect(
      await world.reader.query("SELECT * FROM relance.events WHERE event_id = 'exact'"),
    ).toEqual([
      {
        event_id: 'exact',
        message_id: 'm1',
        occurred_at: '2026-11-12 10:00:00.000',
        received_at: '2026-11-12 10:00:00.250',
        profile_id: 'p1',
        account_id: '',
        source: 'web',
        name: 'order_completed',
        properties: '{"order_id":"o1","total":129.9}',
        value: '129.9',
        currency: 'EUR',
        historical: 0,
        sample: 0,
      },
    ]);
    const [decision] = await world.reader.query<Record<string, unknown>>(
      'SELECT features, chosen_propensity FROM relance.decisions',
    );
    expect(decision).toEqual({ features: { recency: 0.4 }, chosen_propensity: 0.62 });
    const candidates = await world.reader.query(
      'SELECT treatment, chosen, cost, p_raw, contributions FROM relance.decision_candidates ORDER BY treatment',
    );
    expect(candidates).toEqual([
      {
        treatment: 'email',
        chosen: 1,
        cost: '0.0123',
        p_raw: 0.1,
        contributions: [{ feature: 'recency', value: 0.3 }],
      },
      { treatment: 'sms', chosen: 0, cost: '0', p_raw: null, contributions: [] },
    ]);
  });

  it('refuses what is no fact, for good', async () => {
    await expect(
      world.sink.insert([{ id: 'x', kind: 'nothing' } as unknown as Fact]),
    ).rejects.toMatchObject({
      name: 'AnalyticsError',
      retryable: false,
    });
  });

  it('forgets a person and the sample, and nothing else', async () => {
    await world.sink.insert([
      factOf('event', { id: 'of-p9', profileId: 'p9' }),
      factOf('profile', { id: 'p9', profileId: 'p9' }),
      factOf('decision', { id: 'dec-p9', profileId: 'p9' }),
      factOf('event', { id: 'toy', profileId: 'p1', body: { sample: true } }),
    ]);
    const others = await count("events WHERE profile_id = 'p1' AND sample = 0");
    await world.sink.eraseProfiles(['p9', 'unknown']);
    await world.sink.eraseProfiles(['p9']);
    for (const table of [
      'events',
      'profiles',
      'profile_history',
      'decisions',
      'decision_candidates',
    ]) {
      expect(await count(`${table}_rows WHERE profile_id = 'p9'`), table).toBe(0);
    }
    await world.sink.removeSample();
    expect(await count('events_rows WHERE sample = 1')).toBe(0);
    expect(await count("events WHERE profile_id = 'p1' AND sample = 0")).toBe(others);
  });

  it('takes twenty years of history in one batch', async () => {
    const facts = Array.from({ length: 240 }, (_, month) =>
      factOf('event', {
        id: `old-${month}`,
        body: { occurredAtMs: Date.UTC(2006, month, 15), historical: true },
      }),
    );
    await world.sink.insert(facts);
    expect(await count("events WHERE startsWith(event_id, 'old-')")).toBe(240);
  });

  it('says an unreachable store is worth another try, and a bad query is not', async () => {
    await expect(world.reader.query('SELECT nothing_like_it')).rejects.toMatchObject({
      name: 'AnalyticsError',
      retryable: false,
      code: 47,
    });
  });
});
