import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Agenda } from './agenda.js';

it('gives appointments back by their instant, those of one instant as they were made', () => {
  const action = fc.option(fc.integer({ min: 0, max: 20 }), { nil: null });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const agenda = new Agenda<number>();
      let model: { atMs: number; about: number }[] = [];
      for (const [about, atMs] of actions.entries()) {
        if (atMs !== null) {
          agenda.add({ atMs, about });
          model = [...model, { atMs, about }].sort((one, other) => one.atMs - other.atMs);
        } else {
          expect(agenda.nextMs).toBe(model[0]?.atMs ?? null);
          expect(agenda.take()?.about).toBe(model.shift()?.about);
        }
      }
    }),
  );
});
