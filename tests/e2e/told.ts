import type { Fact, RawEvent } from '#libs/contracts';
import { ofKind, type EngineWorld } from '../engine/world.js';

/** Profile rules with accounts, and traits of which the engine is the first, the last or no master. */
export const profile = {
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

/** Asks a scenario of this name to take somebody in. */
export const asked = (name: string, user_id: string, properties: RawEvent['properties'] = {}) => ({
  name: `${name}_asked`,
  ids: { user_id },
  properties,
});

/** Says to which account a person belongs, and who owns it. */
export const member = (user_id: string, account: string, owner?: string): Partial<RawEvent> => ({
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
export const stepsOf = (facts: readonly Fact[], scenarioId: string): readonly string[] =>
  ofKind(facts, 'step')
    .filter(({ body }) => body.scenario === scenarioId && body.leftAtMs !== null)
    .map(({ body }) =>
      [`${body.stepId}#${body.visit}`, body.result, body.branch ?? ''].join(' ').trim(),
    );

/** How the enrolments of a scenario ended, in order. */
export const endsOf = (facts: readonly Fact[], scenarioId: string): readonly (string | null)[] =>
  ofKind(facts, 'enrolment')
    .filter(({ body }) => body.scenario === scenarioId && body.state === 'ended')
    .map(({ body }) => body.endedAs);

/** What was withheld: scenario, stage and reason. */
export const withheldOf = (facts: readonly Fact[]): readonly string[] =>
  ofKind(facts, 'withheld').map(({ body }) => `${body.scenario} ${body.stage} ${body.reason}`);

/** Lets a person be known, then ask. */
export async function asks(
  world: EngineWorld,
  people: readonly Partial<RawEvent>[],
  questions: readonly Partial<RawEvent>[],
): Promise<void> {
  await world.send(people);
  await world.settle();
  await world.send(questions);
  await world.settle();
}
