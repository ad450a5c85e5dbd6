import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isScenarioPath, outlineOf, stepAt, type OutlineBlock, type OutlineStep } from './model.js';
import { addStep, canMove, moveStep, removeStep, setField } from './step-edits.js';
import { STEP_KINDS } from './step-kinds.js';
import { changed, type Change, type Path } from './yaml-text.js';

const FOLDER = join(import.meta.dirname, '../../../../../scenarios');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const FILES = ['abandoned-cart.yaml', 'welcome.yaml', 'win-back.yaml', 'b2b-reorder.yaml'].map(
  read,
);
const BODIES = STEP_KINDS.map(({ make }) => make({ actions: ['a', 'b'], events: ['seen'] }));

type Json = Record<string | number, unknown>;

const plain = (text: string): Json => parse(text) as Json;
const within = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((one, key) => (one as Json | undefined)?.[key], value);

/** Comments of a text, in order. */
const comments = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|\s)(#.*)$/gm)].map(([, comment = '']) => comment);

/** A file and one of its steps. */
const anywhere = fc
  .constantFrom(...FILES, ...FILES.map((text) => text.replaceAll('\n', '\r\n')))
  .chain((text) => {
    const outline = outlineOf(text);
    return fc.record({
      text: fc.constant(text),
      outline: fc.constant(outline),
      step: fc.constantFrom(...outline.steps),
    });
  });

const after = (text: string, changes: readonly Change[]): string => {
  expect(changes.length).toBeGreaterThan(0);
  return changed(text, changes);
};

describe('a change made in the graph', () => {
  test('adds a step behind another, and leaves every other byte as it was', () => {
    fc.assert(
      fc.property(anywhere, fc.constantFrom(...BODIES), ({ text, outline, step }, body) => {
        const [one, ...others] = addStep(outline, { after: step }, body);
        expect(others).toEqual([]);
        expect(one?.from).toBe(one?.to);
        const now = after(text, one === undefined ? [] : [one]);
        const list = step.path.slice(0, -1);
        const before = within(plain(text), list) as unknown[];
        const wanted = before.toSpliced(Number(step.path.at(-1)) + 1, 0, body);
        expect(within(plain(now), list)).toEqual(wanted);
      }),
    );
  });

  test('adds a first step to a branch that has none', () => {
    const empty = (blocks: readonly OutlineBlock[]): OutlineBlock[] =>
      blocks.filter(({ steps }) => steps.length === 0);
    for (const text of FILES) {
      const outline = outlineOf(text);
      for (const block of outline.steps.flatMap(({ blocks }) => empty(blocks))) {
        const now = after(text, addStep(outline, { first: block.path }, { wait: '1d' }));
        expect(within(plain(now), block.path)).toEqual([{ wait: '1d' }]);
        expect(comments(now)).toEqual(comments(text));
      }
    }
  });

  test('takes a step out, and the others stay as they are written', () => {
    fc.assert(
      fc.property(anywhere, ({ text, outline, step }) => {
        const now = after(text, removeStep(outline, step));
        const list = step.path.slice(0, -1);
        const before = within(plain(text), list) as unknown[];
        expect(within(plain(now), list)).toEqual(before.toSpliced(Number(step.path.at(-1)), 1));
        const kept = outline.steps.filter(
          ({ path }) =>
            JSON.stringify(path.slice(0, step.path.length)) !== JSON.stringify(step.path),
        );
        for (const { from, to } of kept.filter(({ blocks }) => blocks.length === 0)) {
          expect(now).toContain(text.slice(from, to));
        }
      }),
    );
  });

  test('moves a step down and up again to the same text, with its comments', () => {
    fc.assert(
      fc.property(anywhere, ({ text, outline, step }) => {
        fc.pre(canMove(outline, step, 1));
        const now = after(text, moveStep(outline, step, 1));
        const list = step.path.slice(0, -1);
        const index = Number(step.path.at(-1));
        const before = within(plain(text), list) as unknown[];
        const wanted = before.toSpliced(index, 2, before[index + 1], before[index]);
        expect(within(plain(now), list)).toEqual(wanted);
        expect(comments(now).toSorted()).toEqual(comments(text).toSorted());
        const again = outlineOf(now);
        const moved = again.steps.find(
          ({ path }) => JSON.stringify(path) === JSON.stringify([...list, index + 1]),
        ) as OutlineStep;
        expect(changed(now, moveStep(again, moved, -1))).toBe(text);
      }),
    );
  });

  test('sets, adds and takes away a field, and keeps every comment', () => {
    const values = fc.oneof(
      fc.constantFrom<unknown>('2d', 'a, b', '{{x}}: #1', '', 'on', '12', 3, true, ['a', 'b c, d']),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(anywhere, values, ({ text, outline, step }, value) => {
        fc.pre(typeof step.body === 'object' && !Array.isArray(step.body));
        const path = [...step.path, step.type, 'remark'];
        const once = after(text, setField(outline, path, value));
        expect(within(plain(once), path)).toEqual(value);
        const twice = after(once, setField(outlineOf(once), path, 'other'));
        expect(within(plain(twice), path)).toBe('other');
        const gone = after(twice, setField(outlineOf(twice), path, undefined));
        expect(gone).toBe(text);
      }),
    );
  });

  test('of a list written in lines keeps what is written beside the items that stay', () => {
    const text =
      'steps:\n  - decide:\n      actions:\n        - a # the plain one\n        - b\n      id: x\n';
    const outline = outlineOf(text);
    const now = after(text, setField(outline, ['steps', 0, 'decide', 'actions'], ['a', 'c', 'd']));
    expect(now).toBe(
      'steps:\n  - decide:\n      actions:\n        - a # the plain one\n        - c\n        - d\n      id: x\n',
    );
  });
});

describe('an outline', () => {
  test('is drawn of scenarios alone', () => {
    const paths = [
      'cart.yaml',
      'relance.yaml',
      'cart.test.yaml',
      'segments/vip.yaml',
      'profile.yml',
    ];
    expect(paths.filter(isScenarioPath)).toEqual(['cart.yaml']);
  });

  test('finds the step of every place in it', () => {
    for (const text of FILES) {
      const outline = outlineOf(text);
      expect(outline.file.isReadable).toBe(true);
      for (const step of outline.steps) expect(stepAt(outline, step.from)).toBe(step);
    }
  });

  test('is made of whatever is written, and of nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.nat(), fc.string(), (text, at, noise) => {
        const cut = at % text.length;
        outlineOf(text.slice(0, cut) + noise + text.slice(cut + noise.length));
      }),
    );
    expect(outlineOf('').steps).toEqual([]);
  });
});
