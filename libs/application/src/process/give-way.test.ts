import { expect, test } from 'vitest';
import { GiveWay } from './give-way.js';

function world() {
  const state = { nowMs: 1_000, isBehind: false };
  const way = new GiveWay({
    nowMs: () => state.nowMs,
    isOtherBehind: () => state.isBehind,
    atMostMs: 100,
  });
  return { state, way };
}

test('nothing is held while the others keep up', () => {
  const { state, way } = world();
  expect(way.isHeld).toBe(false);
  state.isBehind = true;
  expect(way.isHeld).toBe(true);
  state.isBehind = false;
  expect(way.isHeld).toBe(false);
});

test('what was held for so long goes on until it has caught up, and is held again then', () => {
  const { state, way } = world();
  state.isBehind = true;
  state.nowMs += 99;
  expect(way.isHeld).toBe(true);
  state.nowMs += 1;
  expect(way.isHeld).toBe(false);
  state.nowMs += 10_000;
  expect(way.isHeld).toBe(false);
  way.caughtUp();
  expect(way.isHeld).toBe(true);
  state.nowMs += 100;
  expect(way.isHeld).toBe(false);
});
