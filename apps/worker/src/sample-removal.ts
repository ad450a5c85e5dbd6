import { pause, type AnalyticsWriter, type LoopWork, type Turnstile } from '#libs/application';
import { PostgresSampleRemoval, publishOutbox } from '#libs/adapter-postgres';
import type { Engine } from './engine.js';

const ROWS_A_TURN = 5_000;

/** What taking the sample away works on. */
export interface RemovalOptions {
  readonly engine: Engine;
  readonly analytics: AnalyticsWriter | null;
  /** Everything else that this process does goes through it. */
  readonly turnstile: Turnstile;
}

/** Takes the sample away where somebody asked for it, while nothing else is under way. */
export function sampleRemovalLoop(options: RemovalOptions): LoopWork {
  const removal = removalOf(options.engine);
  return {
    name: 'sample removal',
    turn: async () => {
      if ((await removal.state()).state !== 'running') return 0;
      if (!options.engine.workspace.isReady) return 0;
      await options.turnstile.alone(() => removeSample(options, removal));
      return 1;
    },
    idle: (signal) => pause(1_000, signal),
  };
}

/** The wish to be rid of the sample, in this engine's store. */
export function removalOf({ options }: Engine): PostgresSampleRemoval {
  const { database, pseudonyms } = options;
  return new PostgresSampleRemoval(database, (channel, address) =>
    pseudonyms.hash(channel, address),
  );
}

async function removeSample(
  { engine, analytics }: RemovalOptions,
  removal: PostgresSampleRemoval,
): Promise<void> {
  const { database } = engine.options;
  await learnWhatWaits(engine);
  await database.transaction(async (tx) => {
    const kept = await removal.remove(tx);
    // They are told of anew, as people like any other.
    if (kept.length > 0) await engine.ingest.refresh(tx, kept, 'unmerge');
  });
  await analytics?.migrate();
  await analytics?.removeSample();
  await removal.finish();
}

/** What the models know is computed anew from rewards: none of them may be counted once more. */
async function learnWhatWaits({ options, log, learner }: Engine): Promise<void> {
  const { database } = options;
  while ((await publishOutbox(database, log, { outbox: 'fact_outbox', maxRows: ROWS_A_TURN })) > 0);
  while ((await learner.runOnce(0)) > 0);
}
