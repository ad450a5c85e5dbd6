import { describe, expect, it } from 'vitest';
import { FACT_KINDS, factSchema, isFactShaped, type WithheldFact } from './fact.js';

const withheld: WithheldFact = {
  id: 'w1',
  kind: 'withheld',
  version: 1,
  atMs: 1_790_000_000_000,
  profileId: 'p1',
  body: {
    enrolmentId: 'e1',
    decisionId: null,
    scenario: 'welcome',
    stepId: 'mail',
    channel: 'email',
    action: 'welcome_mail',
    stage: 'consent',
    reason: 'no_consent',
    atMs: 1_790_000_000_000,
    sample: false,
  },
};

describe('facts', () => {
  it('names the seventeen kinds of core.md', () => {
    expect(FACT_KINDS.join(' ')).toBe(
      'event profile account enrolment step decision delivery delivery_event withheld task ' +
        'consent suppression score outcome reward scenario action',
    );
  });

  it('accepts what its type says and refuses another kind, an extra member, version 0', () => {
    expect(factSchema.parse(withheld)).toEqual(withheld);
    expect(factSchema.safeParse({ ...withheld, kind: 'task' }).success).toBe(false);
    expect(factSchema.safeParse({ ...withheld, extra: 1 }).success).toBe(false);
    expect(factSchema.safeParse({ ...withheld, version: 0 }).success).toBe(false);
  });

  it('checks the envelope cheaply', () => {
    expect(isFactShaped(withheld)).toBe(true);
    expect(isFactShaped({ ...withheld, kind: 'toString' })).toBe(false);
    expect(isFactShaped({ ...withheld, id: '' })).toBe(false);
    expect(isFactShaped(null)).toBe(false);
  });
});
