import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, known, ofKind } from '../engine/world.js';
import { DAY_MS, HOUR_MS, MONDAY_MS, withFiles, workspace } from './people.js';
import { DECIDES, policies, scenario } from './scenarios.js';
import { asked, asks, endsOf, profile, stepsOf, withheldOf } from './told.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const updates = {
  ...profile,
  ...scenario('raise', {
    steps: [
      '{ update: { set: { tier: gold, firstName: Engine, nickname: Engine, spent: { cel: entry.total * 2.0 } } } }',
      '{ wait: 1h }',
      `{ split: [ { name: seen, when: 'profile.tier == "gold" && profile.spent == 160.0', then: [ { exit: seen } ] }, { otherwise: true } ] }`,
    ],
  }),
};

interface KeptProfile {
  [column: string]: unknown;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, string>>;
}

const keptProfiles = async (database: Database): Promise<readonly KeptProfile[]> =>
  (
    await database.query<KeptProfile>(
      `SELECT doc->'traits' AS traits,
         (SELECT json_object_agg(key, value->>'source')
          FROM jsonb_each((doc->'provenance')::jsonb)) AS sources
       FROM profile ORDER BY doc->'traits'->>'email'`,
    )
  ).rows;

test('an update is the engine’s claim, wins by its rank alone, and a later split sees it', async () => {
  await withFiles(store, updates, async (world, database) => {
    const said = { firstName: 'Zoé', tier: 'basic', nickname: 'Zo' };
    await asks(
      world,
      [...known('u1', said), ...known('u2', { firstName: undefined })],
      ['u1', 'u2'].map((user) => asked('raise', user, { total: 80 })),
    );
    expect(await keptProfiles(database)).toMatchObject([
      {
        traits: { tier: 'gold', spent: 160, firstName: 'Zoé', nickname: 'Zo' },
        sources: { tier: 'relance', spent: 'relance', firstName: 'form', nickname: 'form' },
      },
      {
        traits: { tier: 'gold', spent: 160, firstName: 'Engine', nickname: 'Engine' },
        sources: { tier: 'relance', spent: 'relance', firstName: 'relance' },
      },
    ]);
    world.clock.advance(HOUR_MS);
    await world.settle();
    expect(endsOf(await world.facts(), 'raise')).toEqual(['seen', 'seen']);
    // What the form says later of a trait that the engine is master of changes nothing.
    await world.send(known('u1', { tier: 'basic', firstName: 'Zélie' }));
    await world.settle();
    expect((await keptProfiles(database))[0]?.traits).toMatchObject({
      tier: 'gold',
      firstName: 'Zélie',
    });
  });
});

const emits = {
  ...policies(),
  ...scenario('first', {
    steps: [
      '{ emit: { event: second_asked, properties: { size: { cel: entry.size }, by: first } } }',
    ],
  }),
  ...scenario('second', {
    entry: `{ on: second_asked, when: 'event.by == "first" && event.size == 3', reentry: always }`,
    steps: ['{ deliver: { action: hello } }'],
  }),
};

/** How many records a consumer has read. */
const readUpTo = async (database: Database): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    (
      await database.query<{ consumer: string; n: number }>(
        `SELECT consumer, sum(next_offset)::int AS n FROM log_offset
         WHERE consumer IN ('profile', 'router') GROUP BY consumer`,
      )
    ).rows.map(({ consumer, n }) => [consumer, n]),
  );

test('an emitted event starts another scenario for the same person, once however often it is read', async () => {
  await withFiles(store, emits, async (world, database) => {
    await asks(world, [...known('u1'), ...known('u2')], [asked('first', 'u1', { size: 3 })]);
    const facts = await world.facts();
    const entries = ofKind(facts, 'enrolment').filter(({ version }) => version === 1);
    expect(entries.map(({ body }) => body.scenario)).toEqual(['first', 'second']);
    expect(new Set(entries.map(({ profileId }) => profileId)).size).toBe(1);
    expect(world.mails.map(({ to }) => to)).toEqual([['u1@example.test']]);

    // The whole log from its start, and the same message once more.
    const read = await readUpTo(database);
    await world.engine.store.release({
      name: 'router',
      owner: world.engine.options.runId,
      epoch: 1,
    });
    await database.query(
      `UPDATE log_offset SET next_offset = 0 WHERE consumer IN ('profile', 'router')`,
    );
    const { log } = world.engine;
    const rows = await database.query<{ value: string }>(
      `SELECT value FROM log_events_raw WHERE value LIKE '%"emit/%'`,
    );
    expect(rows.rows).toHaveLength(1);
    await log.append(
      'events.raw',
      rows.rows.map(({ value }) => ({ key: 'u1', value: JSON.parse(value) as never })),
    );
    const again = await engineWorld(database, {
      workspace,
      startMs: MONDAY_MS,
      clock: world.clock,
      publishes: false,
    });
    await again.settle();
    expect(await readUpTo(database)).toEqual({ ...read, profile: (read['profile'] ?? 0) + 1 });
    expect(again.mails).toEqual([]);
    expect(await again.facts()).toEqual(facts);
    await again.close();
  });
});

const delivers = (id: string, onWithheld: string) =>
  scenario(id, {
    steps: [
      `{ deliver: { id: send, action: hello, on_withheld: ${onWithheld} } }`,
      `{ emit: { event: ${id}_went_on } }`,
    ],
  });

const withheld = {
  ...policies(['{ channel: email, purpose: marketing, per: 1d, max: 1 }']),
  ...delivers('waits', 'wait'),
  ...delivers('leaves', 'exit'),
  ...delivers('goes', 'continue'),
  ...scenario('picks', {
    steps: [DECIDES[0] ?? '', '{ deliver: { id: send, decision: pick, on_withheld: wait } }'],
  }),
  ...delivers('other', 'continue'),
};

const emitted = async (database: Database): Promise<readonly string[]> =>
  (
    await database.query<{ name: string }>(
      `SELECT name FROM event WHERE name LIKE '%_went_on' ORDER BY name`,
    )
  ).rows.map(({ name }) => name);

test('a withheld delivery leaves by its own name, goes on, or rests a day and is tried again', async () => {
  await withFiles(store, withheld, async (world, database) => {
    const [identify] = known('u1');
    await asks(
      world,
      identify === undefined ? [] : [identify],
      ['waits', 'leaves', 'goes'].map((name) => asked(name, 'u1')),
    );
    const first = await world.facts();
    expect([...withheldOf(first)].sort()).toEqual([
      'goes consent consent_unknown',
      'leaves consent consent_unknown',
      'waits consent consent_unknown',
    ]);
    expect(endsOf(first, 'leaves')).toEqual(['withheld']);
    expect(endsOf(first, 'goes')).toEqual(['done']);
    expect(endsOf(first, 'waits')).toEqual([]);
    expect(await emitted(database)).toEqual(['goes_went_on']);

    world.clock.advance(DAY_MS - 1);
    await world.settle();
    expect(withheldOf(await world.facts())).toHaveLength(3);
    world.clock.advance(1);
    await world.settle();
    expect(withheldOf(await world.facts())).toHaveLength(4);
    await world.send([consent({ user_id: 'u1' }, 'granted')]);
    await world.settle();
    expect(world.mails).toEqual([]);
    world.clock.advance(DAY_MS);
    await world.settle();
    expect(world.mails.map(({ to }) => to)).toEqual([['u1@example.test']]);
    const facts = await world.facts();
    expect(stepsOf(facts, 'waits')).toEqual([
      'send#1 withheld',
      'send#2 withheld',
      'send#3 accepted',
      'emit-1#1 done',
      'exit-1#1 done done',
    ]);
    expect(endsOf(facts, 'waits')).toEqual(['done']);
    expect(await emitted(database)).toEqual(['goes_went_on', 'waits_went_on']);
  });
});

test('what a decision chose and consent withheld is sent once it may be, and counts under the caps', async () => {
  await withFiles(store, withheld, async (world) => {
    await world.send(known('u1'));
    await world.settle();
    await world.send([asked('picks', 'u1')]);
    await world.settle({ without: ['sender'] });
    world.clock.advance(1_000);
    await world.send([consent({ user_id: 'u1' }, 'denied')]);
    await world.settle({ without: ['sender'] });
    await world.settle();
    expect(world.mails).toEqual([]);
    world.clock.advance(1_000);
    await world.send([consent({ user_id: 'u1' }, 'granted')]);
    world.clock.advance(DAY_MS);
    await world.settle();
    expect(world.mails).toHaveLength(1);
    await world.send([asked('other', 'u1')]);
    await world.settle();
    expect(world.mails).toHaveLength(1);
    const facts = await world.facts();
    expect(withheldOf(facts)).toEqual(['picks consent consent_denied', 'other caps cap']);
    expect(ofKind(facts, 'decision')).toHaveLength(1);
    expect(stepsOf(facts, 'picks').slice(1, 3)).toEqual(['send#1 withheld', 'send#2 accepted']);
  });
});
