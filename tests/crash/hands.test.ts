import { expect, test } from 'vitest';
import { lossesOf, type Hand } from './hands.js';
import type { Victim } from './killer.js';
import { uncertainCheck } from './verdict.js';

const kills = (...victims: readonly Victim[]) =>
  victims.map((victim, index) => ({ victim, atWallMs: 1_000 * (index + 1) }));
const hands = (count: number, runId: string | null, atWallMs: number): readonly Hand[] =>
  Array.from({ length: count }, () => ({ runId, atWallMs }));

test('what is uncertain is the doing of the next kill that can have been it', () => {
  const uncertain = [
    ...hands(3, 'a', 900),
    ...hands(2, 'a', 1_000),
    ...hands(4, 'a', 1_001),
    ...hands(5, 'b', 4_500),
  ];
  expect(lossesOf(uncertain, kills('worker', 'api', 'clickhouse', 'postgres'))).toEqual([
    { kill: 1, runId: 'a', count: 5 },
    { kill: 4, runId: 'a', count: 4 },
    { kill: 4, runId: 'b', count: 5 },
  ]);
});

test('at most 20 a kill: another kill that lost less makes up for nothing', () => {
  const three = kills('worker', 'worker', 'postgres');
  const even = [...hands(20, 'a', 500), ...hands(20, 'b', 1_500), ...hands(20, 'c', 2_500)];
  expect(uncertainCheck(even, three)).toMatchObject({ isKept: true });
  const uneven = [...hands(21, 'a', 500), ...hands(2, 'b', 1_500)];
  expect(uncertainCheck(uneven, three)).toMatchObject({ isKept: false });
  expect(uncertainCheck(uneven, three).counted).toContain('21 by kill 1');
});

test('two workers of one stretch have a hand each, but no kill to spare', () => {
  const both = [...hands(20, 'old', 1_500), ...hands(20, 'new', 1_800)];
  expect(uncertainCheck(both, kills('supervisor', 'worker')).isKept).toBe(true);
  expect(uncertainCheck(both, kills('api', 'worker')).isKept).toBe(false);
});

test('nothing may be uncertain of itself, nor without having been in hand', () => {
  expect(uncertainCheck([], []).isKept).toBe(true);
  expect(uncertainCheck(hands(1, 'a', 5), []).isKept).toBe(false);
  expect(uncertainCheck(hands(1, 'a', 5), kills('api', 'clickhouse')).isKept).toBe(false);
  expect(uncertainCheck(hands(1, null, 0), kills('worker')).isKept).toBe(false);
});
