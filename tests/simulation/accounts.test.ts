import { expect, it } from 'vitest';
import type { RawEvent } from '#libs/contracts';
import { LIVE, Simulator } from '#libs/runtime-simulated';
import { rawEvent } from '../engine/world.js';
import { sample, worldOf } from './sample.js';

const START_MS = Date.parse('2026-05-04T10:00:00+02:00');

it('people of a simulation belong to the accounts that events name', async () => {
  const simulator = new Simulator({
    ...worldOf(await sample()),
    startMs: START_MS,
    decisions: LIVE,
    groups: () => ({ groupOf: () => 'policy' }),
    onHappening: () => undefined,
  });
  const hear = async (profileId: string, over: Partial<RawEvent>): Promise<void> => {
    const atMs = simulator.clock.nowMs();
    await simulator.hear(rawEvent({ type: 'group', name: 'group', profileId, ...over }, atMs));
  };
  const accountOf = (profileId: string) => {
    const person = simulator.population.of(profileId);
    return simulator.population.contextOf(person)?.account;
  };
  const ids = { account_id: 'a1' };
  await hear('ana', { source: 'crm', account: { ids, traits: { owner: 'rep@example.test' } } });
  await hear('bob', { source: 'web', account: { ids, traits: { owner: 'self', name: 'Arts' } } });
  expect(accountOf('ana')).toMatchObject({ owner: 'rep@example.test', name: 'Arts' });
  // Only the CRM may say who owns an account; what it says later holds for both.
  expect(accountOf('bob')).toEqual(accountOf('ana'));
  simulator.clock.moveTo(START_MS + 1_000);
  await hear('ana', { source: 'crm', account: { ids, traits: { owner: 'other@example.test' } } });
  expect(accountOf('bob')).toMatchObject({ owner: 'other@example.test' });
  simulator.clock.moveTo(START_MS + 2_000);
  await hear('bob', { source: 'web', account: { ids, left: true } });
  expect(accountOf('bob')).toBeNull();
});
