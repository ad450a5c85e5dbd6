import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isMap, isPair, isScalar, visit, type Node } from 'yaml';
import { tell } from '../../i18n/text.js';
import { helpAt, proposalsAt } from './completion.js';
import { fieldHelp } from './field-help.js';
import { placeAt } from './place-in-text.js';
import { keysAt, schemasAt } from './scenario-schema.js';
import { startOf, written } from './yaml-text.js';

const FOLDER = join(import.meta.dirname, '../../../../../scenarios');
const names = {
  actions: ['cart-reminder', 'nothing'],
  segments: ['dormant'],
  events: ['order_completed'],
  purposes: ['marketing'],
};
const help = tell(fieldHelp, 'en');

/** What is proposed where `|` stands. */
const proposed = (text: string): readonly string[] => {
  const offset = text.indexOf('|');
  const whole = text.replace('|', '');
  return proposalsAt(whole, offset, { names, help }).items.map(({ label }) => label);
};

describe('completion', () => {
  test.each([
    ['a key of the file', 'scenario: x\npr|', ['purpose', 'priority']],
    ['a key of a block', 'entry:\n  r|', ['reentry', 'when']],
    ['a kind of step', 'steps:\n  - w|', ['wait', 'wait_for', 'deliver']],
    ['a key within a step', 'steps:\n  - wait: 1d\n  - decide:\n      |', ['actions', 'fallback']],
    ['a key in one line', 'steps:\n  - deliver: { a|', ['action', 'decision', 'on_withheld']],
    ['a step of a branch', 'steps:\n  - wait_for:\n      then:\n        - |', ['exit', 'wait']],
    ['a step of a branch in one line', 'steps:\n  - wait_for: { then: [ { e|', ['exit', 'emit']],
    ['a listed value', 'on_change: |', ['pin', 'migrate']],
    ['an action of many', 'steps:\n  - decide:\n      actions: [a, |', ['cart-reminder']],
    ['an action in lines', 'steps:\n  - decide: { fallback: |', ['cart-reminder']],
    ['an event', 'entry:\n  on: |', ['order_completed']],
    ['a segment', 'entry:\n  segment: { enters: |', ['dormant']],
    ['a purpose', 'scenario: x\npurpose: m|', ['marketing']],
  ])('proposes %s', (_, text, some) => {
    expect(proposed(text)).toEqual(expect.arrayContaining(some));
  });

  test('proposes nothing of elsewhere', () => {
    expect(proposed('entry:\n  |')).not.toContain('steps');
    expect(proposed('steps:\n  - wait: 1d\n|')).toContain('goal');
  });
});

describe('the place of what is written', () => {
  test.each(['abandoned-cart.yaml', 'welcome.yaml', 'win-back.yaml', 'b2b-reorder.yaml'])(
    'is the one that YAML reads, at every key of %s',
    (name) => {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      const { document } = written(text);
      let seen = 0;
      visit(document, {
        Pair(_, pair, ancestors) {
          if (!isScalar(pair.key)) return;
          const at = startOf(pair.key as Node);
          const path = ancestors.flatMap((one, index): (string | number)[] => {
            const next = ancestors[index + 1] ?? pair;
            if (isPair(one)) return [String((one.key as { value: unknown }).value)];
            const isList = typeof one === 'object' && 'items' in one && !isMap(one);
            return isList ? [(one.items as unknown[]).indexOf(next)] : [];
          });
          expect([pair.key.value, placeAt(text, at).path]).toEqual([pair.key.value, path]);
          seen += 1;
        },
      });
      expect(seen).toBeGreaterThan(30);
    },
  );
});

describe('help', () => {
  test('is there for every key that the schema knows', () => {
    const keys = new Set<string>();
    const walk = (path: readonly (string | number)[], depth: number): void => {
      for (const key of keysAt(path).keys()) {
        keys.add(key);
        if (depth > 0) walk([...path, key], depth - 1);
      }
      const isList = schemasAt(path).some(({ items }) => items !== undefined);
      if (isList && depth > 0) walk([...path, 0], depth - 1);
    };
    walk([], 6);
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => key !== 'cel' && !Object.hasOwn(help, key))).toEqual([]);
  });

  test('tells what a key is for, its shape and its default', () => {
    const text = 'scenario: x\npriority: 60\n';
    const told = helpAt(text, text.indexOf('priority') + 3, help);
    expect(told?.text).toBe(
      'From 0 to 100: which scenario goes first for the same person.\ninteger 0–100  = 50',
    );
    expect(helpAt(text, text.indexOf('60'), help)).toBeNull();
  });
});
