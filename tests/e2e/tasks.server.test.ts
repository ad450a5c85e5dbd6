import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind } from '../engine/world.js';
import { DAY_MS, MONDAY_MS, withFiles, workspace } from './people.js';
import { scenario } from './scenarios.js';
import { asked, asks, endsOf, member, profile, stepsOf, withheldOf } from './told.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

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

const calls = {
  ...profile,
  'actions/call.yaml': `action: call
name: { fr: Appel, en: Call }
issue: growth
value: 20.0
treatments:
  - { channel: task, for: owner, title: { fr: "Appeler {{profile.firstName}}", en: "Call {{profile.firstName}}" }, due: 1d }
`,
  'actions/reach.yaml': `action: reach
name: { fr: Joindre, en: Reach }
issue: growth
value: 20.0
treatments:
  - { channel: task, for: owner, title: { fr: Joindre, en: Reach }, due: 1d }
  - { channel: email, template: hello, sender: shop }
`,
  ...scenario('phone', {
    steps: ['{ deliver: { id: send, action: call, on_withheld: exit } }', '{ wait: 1h }'],
  }),
  ...scenario('reach', { steps: ['{ deliver: { id: send, action: reach } }'] }),
};

test('an action that is a task is withheld without an owner, or goes by its next treatment', async () => {
  await withFiles(store, calls, async (world, database) => {
    await asks(
      world,
      [
        ...known('u1', { firstName: 'Zoé' }),
        ...known('u2'),
        member('u1', 'a1', 'rep@shop.example'),
      ],
      ['u1', 'u2'].flatMap((user) => [asked('phone', user), asked('reach', user)]),
    );
    const owned = { owner: 'rep@shop.example', due_at_ms: MONDAY_MS + DAY_MS };
    expect(await keptTasks(database)).toMatchObject([
      { ...owned, title: 'Appeler Zoé' },
      { ...owned, title: 'Joindre' },
    ]);
    const facts = await world.facts();
    expect(withheldOf(facts)).toEqual(['phone address no_owner']);
    expect(ofKind(facts, 'withheld')[0]?.body).toMatchObject({ channel: 'task', action: 'call' });
    const sends = (id: string) => stepsOf(facts, id).filter((step) => step.startsWith('send'));
    expect([...sends('phone')].sort()).toEqual(['send#1 accepted', 'send#1 withheld no_owner']);
    expect(endsOf(facts, 'phone')).toEqual(['withheld']);
    expect(sends('reach')).toEqual(['send#1 accepted', 'send#1 accepted']);
    expect(world.mails.map(({ to }) => to)).toEqual([['u2@example.test']]);
  });
});
