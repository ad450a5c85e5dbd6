import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import type { Fact, RawEvent } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, known, ofKind, type EngineWorld } from '../engine/world.js';
import { DAY_MS, HOUR_MS, MONDAY_MS, withFiles, workspace } from './people.js';
import { DECIDES, policies, scenario } from './scenarios.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Profile rules with accounts, and traits of which the engine is the first, the last or no master. */
const profile = {
  'profile.yaml': `identities:
  - { ns: user_id, unique: true }
  - { ns: email, limit: 5, mergeable: verified, normalise: email }
sources:
  crm: { kind: crm }
  form: { kind: online }
  relance: { kind: engine }
traits:
  firstName: { type: string, personal: true, master: [form, relance] }
  email: { type: email, personal: true, master: [form], verified_first: true }
  country: { type: string, master: [form] }
  timezone: { type: timezone, master: [form] }
  locale: { type: string, master: [form] }
  tier: { type: string, master: [relance, form] }
  nickname: { type: string, master: [form] }
  spent: { type: number, master: [relance] }
accounts: { key: group_id, also: [siren], member_by: group, owner_from: crm }
`,
};

const asked = (name: string, user_id: string, properties: RawEvent['properties'] = {}) => ({
  name: `${name}_asked`,
  ids: { user_id },
  properties,
});

/** Says to which account a person belongs, and who owns it. */
const member = (user_id: string, account: string, owner?: string): Partial<RawEvent> => ({
  type: 'group',
  name: 'group',
  source: 'crm',
  ids: { user_id },
  account: {
    ids: { group_id: account },
    traits: { name: 'Lumen', ...(owner === undefined ? {} : { owner }) },
  },
});

/** Result and branch of every step that was left, in order. */
const stepsOf = (facts: readonly Fact[], scenarioId: string): readonly string[] =>
  ofKind(facts, 'step')
    .filter(({ body }) => body.scenario === scenarioId && body.leftAtMs !== null)
    .map(({ body }) =>
      [`${body.stepId}#${body.visit}`, body.result, body.branch ?? ''].join(' ').trim(),
    );

const endsOf = (facts: readonly Fact[], scenarioId: string): readonly (string | null)[] =>
  ofKind(facts, 'enrolment')
    .filter(({ body }) => body.scenario === scenarioId && body.state === 'ended')
    .map(({ body }) => body.endedAs);

const withheldOf = (facts: readonly Fact[]): readonly string[] =>
  ofKind(facts, 'withheld').map(({ body }) => `${body.scenario} ${body.stage} ${body.reason}`);

/** Lets a person be known, then ask. */
async function asks(
  world: EngineWorld,
  people: readonly Partial<RawEvent>[],
  questions: readonly Partial<RawEvent>[],
): Promise<void> {
  await world.send(people);
  await world.settle();
  await world.send(questions);
  await world.settle();
}

const TITLE = `{ fr: "Appeler {{profile.firstName}} de {{account.name}}, panier {{entry.cart}}",
        en: "Call {{profile.firstName}} of {{account.name}}, cart {{entry.cart}}" }`;
const NOTE = '{ fr: "Panier {{entry.cart}}", en: "Cart {{entry.cart}}" }';

const tasks = {
  ...profile,
  ...scenario('desk', {
    steps: [
      `{ task: { id: call, for: owner, else: { queue: desk }, title: ${TITLE}, note: ${NOTE}, due: 2d } }`,
    ],
  }),
  ...scenario('rep', { steps: [`{ task: { id: call, for: owner, title: ${TITLE}, due: 1h } }`] }),
};

interface KeptTask {
  [column: string]: unknown;
  readonly owner: string;
  readonly title: string;
  readonly note: string | null;
  readonly reasons: string;
  readonly due_at_ms: number;
}

const keptTasks = async (database: Database): Promise<readonly KeptTask[]> =>
  (
    await database.query<KeptTask>(
      'SELECT owner, title, note, reasons, due_at_ms FROM task ORDER BY owner, title',
    )
  ).rows;

test('a task goes to the owner of the account, else to the queue, due by the clock and not the day', async () => {
  const database = await store.fresh();
  // The clocks change in the night to Sunday: two days of a task are 48 hours all the same.
  const startMs = Date.parse('2026-03-28T10:00:00+01:00');
  const world = await engineWorld(database, { workspace, startMs, files: tasks });
  const people = [
    ...known('u1', { firstName: 'Zoé' }),
    ...known('u2', { firstName: 'Ana', locale: 'en' }),
    ...known('u3', { firstName: 'Max' }),
    member('u1', 'a1', 'Rep@Shop.example'),
    member('u2', 'a2'),
  ];
  const questions = ['u1', 'u2', 'u3'].map((user) => asked('desk', user, { cart: `of ${user}` }));
  await asks(world, people, questions);
  const dueAtMs = Date.parse('2026-03-30T11:00:00+02:00');
  const common = { due_at_ms: dueAtMs, reasons: JSON.stringify(['desk']) };
  // A rep reads the workspace's language, whatever the customer's; a hole is left out.
  expect(await keptTasks(database)).toEqual([
    { ...common, owner: 'desk', title: 'Appeler Ana de Lumen, panier of u2', note: 'Panier of u2' },
    { ...common, owner: 'desk', title: 'Appeler Max de , panier of u3', note: 'Panier of u3' },
    {
      ...common,
      owner: 'rep@shop.example',
      title: 'Appeler Zoé de Lumen, panier of u1',
      note: 'Panier of u1',
    },
  ]);
  const facts = await world.facts();
  expect(ofKind(facts, 'task').map(({ body }) => [body.owner, body.state, body.dueAtMs])).toEqual(
    expect.arrayContaining([
      ['rep@shop.example', 'open', dueAtMs],
      ['desk', 'open', dueAtMs],
    ]),
  );
  expect(withheldOf(facts)).toEqual([]);
  expect(stepsOf(facts, 'desk').filter((step) => step === 'call#1 done')).toHaveLength(3);
  await world.close();
});

test('a rep reads the first language of the workspace: text, amounts and reasons', async () => {
  const text = `scenario: rep
name: { fr: Relance, en: Reminder }
purpose: marketing
entry: { on: rep_asked, reentry: always }
limits: { max_age: 30d }
steps:
  - task: { for: { queue: desk }, title: { fr: "{{money entry.total}} à sauver", en: "{{money entry.total}} to save" }, due: 1h }
  - exit: done
`;
  const english = {
    ...profile,
    'rep.yaml': text,
    'relance.yaml': `workspace: pipeline
name: { fr: Mesure, en: Measurement }
timezone: Europe/Paris
locales: [en, fr]
currency: GBP
country: FR
senders:
  shop: { channel: email, from: "Mesure <bonjour@mesure.example>", stream: marketing }
holdout: { share: 0%, salt: pipeline }
`,
  };
  await withFiles(store, english, async (world, database) => {
    await asks(world, known('u1', { locale: 'fr' }), [asked('rep', 'u1', { total: 1_200.5 })]);
    expect(await keptTasks(database)).toMatchObject([
      { title: '£1,200.50 to save', reasons: JSON.stringify(['Reminder']) },
    ]);
  });
});

test('a task for an owner that nobody is and without a queue is withheld, and it goes on', async () => {
  await withFiles(store, tasks, async (world, database) => {
    const people = [
      ...known('u1'),
      ...known('u2'),
      member('u1', 'a1', 'rep@shop.example'),
      member('u2', 'a2'),
    ];
    await asks(
      world,
      people,
      ['u1', 'u2'].map((user) => asked('rep', user, { cart: 'c' })),
    );
    expect((await keptTasks(database)).map(({ owner }) => owner)).toEqual(['rep@shop.example']);
    const facts = await world.facts();
    expect(withheldOf(facts)).toEqual(['rep address no_owner']);
    expect(ofKind(facts, 'withheld')[0]?.body).toMatchObject({ channel: 'task', stepId: 'call' });
    const kept = await database.query('SELECT stage, reason, channel FROM withheld');
    expect(kept.rows).toEqual([{ stage: 'address', reason: 'no_owner', channel: 'task' }]);
    expect(endsOf(facts, 'rep')).toEqual(['done', 'done']);
  });
});

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
