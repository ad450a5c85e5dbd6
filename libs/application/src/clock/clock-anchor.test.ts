import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANCHOR_LIVES_MS, domainAt, reanchored, type ClockAnchor } from './clock-anchor.js';

const WALL_MS = Date.parse('2026-11-22T12:00:00Z');
const START_MS = Date.parse('2026-11-02T09:00:00+01:00');
const wish = { kind: 'accelerated', startMs: START_MS, speed: 1_440 } as const;

const anchored = (
  stored: ClockAnchor | null,
  asked: Parameters<typeof reanchored>[1],
  wallMs: number,
): ClockAnchor => {
  const next = reanchored(stored, asked, wallMs);
  if ('refusal' in next) throw new Error(next.refusal);
  return next.anchor;
};

it('starts where it is asked to, and runs as fast', () => {
  const anchor = anchored(null, wish, WALL_MS);
  expect(domainAt(anchor, WALL_MS)).toBe(START_MS);
  expect(domainAt(anchor, WALL_MS + 1_000)).toBe(START_MS + 1_440_000);
  const now = anchored(null, { ...wish, startMs: 'now' }, WALL_MS);
  expect(domainAt(now, WALL_MS)).toBe(WALL_MS);
});

it('does not count the time it was down, and never goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(10_000), fc.nat(10 ** 9))), (runs) => {
      let wallMs = WALL_MS;
      let anchor = anchored(null, wish, wallMs);
      let lastMs = domainAt(anchor, wallMs);
      for (const [ranMs, downMs] of runs) {
        // A run that is killed: the anchor stays where it was last refreshed.
        wallMs += ranMs;
        lastMs = domainAt(anchor, wallMs);
        wallMs += downMs;
        const next = anchored(anchor, wish, wallMs);
        expect(domainAt(next, wallMs)).toBeGreaterThanOrEqual(lastMs);
        expect(domainAt(next, wallMs) - lastMs).toBeLessThanOrEqual(ANCHOR_LIVES_MS * wish.speed);
        anchor = next;
      }
    }),
  );
});

it('refuses what would move it back, and says by how much', () => {
  const ran = { ...anchored(null, wish, WALL_MS), domainMs: WALL_MS + 86_400_000 };
  expect(reanchored(ran, { kind: 'wall' }, WALL_MS)).toEqual({
    refusal: 'would_go_back',
    byMs: 86_400_000,
  });
  const earlier = { ...wish, startMs: START_MS - 1 };
  expect(reanchored(ran, earlier, WALL_MS)).toMatchObject({ refusal: 'would_go_back' });
  // The same setting as before is no wish to go back, nor is a later start.
  expect(reanchored(ran, wish, WALL_MS)).toHaveProperty('anchor');
  const later = { ...wish, startMs: ran.domainMs + 90 * 86_400_000 };
  expect(anchored(ran, later, WALL_MS).domainMs).toBe(later.startMs);
});

it('on the wall’s clock follows the wall, but for a wall that is set back', () => {
  const anchor = anchored(null, { kind: 'wall' }, WALL_MS);
  expect(domainAt(anchor, WALL_MS + 10 ** 9)).toBe(WALL_MS + 10 ** 9);
  expect(domainAt(anchor, WALL_MS - 60_000)).toBe(WALL_MS);
  expect(anchored(anchor, { kind: 'wall' }, WALL_MS - 60_000).domainMs).toBe(WALL_MS);
});
