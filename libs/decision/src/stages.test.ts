import { describe, expect, it } from 'vitest';
import { evaluateFunnel, FILTER_STAGES, firstRefusal, STAGES } from './stages.js';

describe('evaluateFunnel', () => {
  it('asks in funnel order and stops at the first refusal', () => {
    const asked: string[] = [];
    const verdicts = evaluateFunnel({
      caps: () => {
        asked.push('caps');
        return true;
      },
      available: () => {
        asked.push('available');
        return true;
      },
      consent: () => {
        asked.push('consent');
        return { reason: 'consent_unknown', detail: 'sms' };
      },
    });
    expect(asked).toEqual(['available', 'consent']);
    expect(verdicts).toEqual([
      { stage: 'available', passed: true },
      { stage: 'consent', passed: false, reason: 'consent_unknown', detail: 'sms' },
    ]);
    expect(firstRefusal(verdicts)?.stage).toBe('consent');
  });

  it('refuses verdicts out of order and refusals without a reason', () => {
    const passed = (stage: 'caps' | 'consent') => ({ stage, passed: true });
    expect(() => firstRefusal([passed('caps'), passed('consent')])).toThrow('order');
    expect(() => firstRefusal([{ stage: 'caps', passed: false }])).toThrow('reason');
  });

  it('has its stages in the order of the whole funnel', () => {
    expect(STAGES.slice(0, FILTER_STAGES.length)).toEqual([...FILTER_STAGES]);
  });
});
