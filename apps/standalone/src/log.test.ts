import { expect, test } from 'vitest';
import { createLog, type LogOutput } from './log.js';
import { ONE_WISH_MS, signalMeaning } from './stop-signals.js';

function logging(over: Partial<LogOutput>) {
  const lines: string[] = [];
  const log = createLog({
    locale: 'fr',
    level: 'info',
    readable: false,
    out: (text) => void lines.push(text),
    err: (text) => void lines.push(text),
    nowMs: () => 1_000,
    ...over,
  });
  return { lines, log };
}

test('where no one reads, every line is JSON with its part, plain text included', () => {
  const { lines, log } = logging({});
  log.line('api', '{"level":"warn","msg":"slow","ms":12,"time":5}');
  log.line('worker', 'a library says');
  log.line('worker', '   ');
  log.error('supervisor', { fr: 'panne', en: 'fault' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'warn', msg: 'slow', ms: 12, time: 5, role: 'api' },
    { level: 'info', msg: 'a library says', time: 1_000, role: 'worker' },
    { level: 'error', msg: 'panne', time: 1_000, role: 'supervisor' },
  ]);
});

test('on a terminal lines are readable, and quieter than the level is silence', () => {
  const { lines, log } = logging({ readable: true });
  log.line('api', '{"level":50,"msg":"broken","code":"RLN-1"}');
  log.line('api', '{"level":20,"msg":"detail"}');
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d api {8}ERROR broken code=RLN-1\n$/),
  ]);
});

test('signals within two seconds are one wish, a later one is hurry', () => {
  expect(signalMeaning(undefined, 10)).toBe('stop');
  expect(signalMeaning(10, 10 + ONE_WISH_MS - 1)).toBe('echo');
  expect(signalMeaning(10, 10 + ONE_WISH_MS)).toBe('hurry');
});
