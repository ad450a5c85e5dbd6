import { describe, expect, it } from 'vitest';
import { present } from '#libs/kernel';
import { CART, changed, SAMPLE } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';
import { planWorkspace } from './plan-workspace.js';

describe('a plan', () => {
  const before = present(lintWorkspace(SAMPLE).workspace, 'the sample');

  it('is empty where nothing changes, and everything at first', () => {
    expect(planWorkspace(before, before)).toEqual([]);
    const first = planWorkspace(null, before);
    expect(first.every(({ change }) => change === 'added')).toBe(true);
    expect(first.filter(({ kind }) => kind === 'scenario')).toHaveLength(4);
  });

  it('tells what changes, and which steps people may stand on', () => {
    const changes = lintWorkspace(
      changed({
        [CART]: ['- wait: 1h', '- wait: { id: first_hour, for: 1h }'],
        'segments/vip.yaml': null,
        'actions/welcome-offer.yaml': ['suitable:', '#'],
        'policies.yaml': ['per: 1d, max: 1', 'per: 1d, max: 2'],
      }),
    ).workspace;
    const after = present(changes, 'a workspace');
    const plan = planWorkspace(before, after);
    expect(plan).toMatchObject([
      { kind: 'policies', change: 'changed' },
      { kind: 'segment', id: 'vip', change: 'removed' },
      { kind: 'action', id: 'welcome-offer', change: 'changed' },
      {
        kind: 'scenario',
        id: 'abandoned-cart',
        change: 'changed',
        scenario: { onChange: 'pin', stepsAdded: ['first_hour'], stepsRemoved: ['wait-1'] },
      },
    ]);
  });
});
