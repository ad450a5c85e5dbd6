import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYTHING } from '#libs/application';
import { PostgresHoldStore } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, type EngineWorld, type SettleOptions } from '../engine/world.js';
import { HOUR_MS, MONDAY_MS, workspace } from './people.js';
import { DELIVERS, policies, scenario } from './scenarios.js';
import { asked } from './told.js';

const RUNS = 12;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const files = {
  ...policies(),
  ...scenario('a', { steps: ['{ wait: 1h }', ...DELIVERS] }),
  ...scenario('b', { steps: [...DELIVERS, '{ wait: 3h }'] }),
};
const SCOPES = [EVERYTHING, 'a', 'b'] as const;

/** What may happen, in any order: people, time, pauses, parts that lag, and a crash. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), of: fc.constantFrom('a' as const, 'b' as const) }),
  fc.record({ kind: fc.constant('pause' as const), of: fc.constantFrom(...SCOPES) }),
  fc.record({ kind: fc.constant('resume' as const), of: fc.constantFrom(...SCOPES) }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('settle' as const),
    without: fc.constantFrom('sender' as const, 'router' as const),
  }),
  fc.record({ kind: fc.constant('crash' as const) }),
);

/** One run: every part of the engine, replaced by another over the same store at each crash. */
class Run {
  readonly holds = new Set<string>();
  readonly mails = new Map<string, number>();
  entered = 0;
  /** Messages that left while everything was held: none may. */
  leaked = 0;
  private crashes = 0;

  constructor(
    private world: EngineWorld,
    private readonly users: string[],
  ) {}

  isHeld(of: string): boolean {
    return this.holds.has(EVERYTHING) || this.holds.has(of);
  }

  async settle(options: SettleOptions = {}): Promise<void> {
    const before = this.world.mails.length;
    await this.world.settle(options);
    for (const mail of this.world.mails.slice(before)) {
      const to = mail.to[0] ?? '';
      this.mails.set(to, (this.mails.get(to) ?? 0) + 1);
    }
    if (this.holds.has(EVERYTHING)) this.leaked += this.world.mails.length - before;
  }

  async ask(of: 'a' | 'b'): Promise<void> {
    const user = this.users.pop();
    if (user === undefined) return;
    if (!this.isHeld(of)) this.entered += 1;
    await this.world.send([asked(of, user)]);
    // Taken in before anything else happens: whether somebody enters is not what is tried here.
    await this.settle({ without: ['sender'] });
  }

  async hold(act: 'pause' | 'resume', scope: string): Promise<void> {
    const { database, clock } = this.world.engine.options;
    const store_ = new PostgresHoldStore(database);
    const nowMs = clock.nowMs();
    await database.transaction((tx) => store_[act](tx, { scope, author: 'o', nowMs }));
    if (act === 'pause') this.holds.add(scope);
    else this.holds.delete(scope);
    await this.world.engine.workspace.refresh();
  }

  async crash(): Promise<void> {
    const { database, clock } = this.world.engine.options;
    this.crashes += 1;
    const laterMs = this.crashes * 120_000;
    await this.world.close();
    this.world = await engineWorld(database, {
      workspace,
      files,
      startMs: MONDAY_MS,
      clock,
      publishes: false,
      wallMs: () => Date.now() + laterMs,
    });
  }

  async wait(hours: number): Promise<void> {
    this.world.clock.advance(hours * HOUR_MS);
    await this.settle();
  }

  /** Resumes everything, lets time pass, and answers what became of all. */
  async end() {
    for (const scope of SCOPES) if (this.holds.has(scope)) await this.hold('resume', scope);
    await this.settle();
    for (let hours = 0; hours < 6; hours += 1) await this.wait(1);
    const sums = await this.world.engine.options.database.query<{ left: number; ended: number }>(
      `SELECT (SELECT count(*)::int FROM enrolment) AS left,
         (SELECT count(*)::int FROM enrolment_ended WHERE ended_as = 'done') AS ended`,
    );
    await this.world.close();
    const doubled = [...this.mails.values()].filter((count) => count > 1).length;
    return { ...sums.rows[0], reached: this.mails.size, doubled, leaked: this.leaked };
  }
}

test('pauses, crashes and time in any order lose nobody, double nothing, and let nothing leave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 14 }), async (story) => {
      const database = await store.fresh();
      const users = story.flatMap(({ kind }, index) => (kind === 'ask' ? [`u${index}`] : []));
      const world = await engineWorld(database, { workspace, files, startMs: MONDAY_MS });
      await world.send(users.flatMap((user) => known(user)));
      await world.settle();
      const run = new Run(world, users);
      for (const one of story) {
        if (one.kind === 'ask') await run.ask(one.of);
        else if (one.kind === 'wait') await run.wait(one.hours);
        else if (one.kind === 'settle') await run.settle({ without: [one.without] });
        else if (one.kind === 'crash') await run.crash();
        else await run.hold(one.kind, one.of);
      }
      // Nobody is lost, and to each who entered exactly one message went.
      const { entered } = run;
      const all = { left: 0, ended: entered, reached: entered, doubled: 0, leaked: 0 };
      expect(await run.end()).toEqual(all);
    }),
    { numRuns: RUNS },
  );
}, 300_000);
