import type { Engine } from '../engine/engine.js';

/** State of one part. */
interface PartState {
  /** `empty`: nothing was published yet, which keeps nobody from sending events. */
  readonly state: 'ready' | 'down' | 'full' | 'empty';
  readonly latencyMs?: number;
  readonly depth?: number;
}

/** What `/readyz` says. */
export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly parts: Readonly<Record<string, PartState>>;
}

const ANSWERS_WITHIN_MS = 2_000;
const NEARLY_FULL_EVENTS = 45_000;

async function storeState(engine: Engine): Promise<PartState> {
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ANSWERS_WITHIN_MS);
  });
  try {
    await Promise.race([engine.database.query('SELECT 1'), late]);
    return { state: 'ready', latencyMs: Math.round((performance.now() - startMs) * 10) / 10 };
  } catch {
    return { state: 'down' };
  } finally {
    clearTimeout(timer);
  }
}

/** Asks each part whether it does its work. */
export async function readiness(engine: Engine): Promise<Readiness> {
  const store = await storeState(engine);
  const depth = engine.capture.queueDepth;
  const capture: PartState = { state: depth < NEARLY_FULL_EVENTS ? 'ready' : 'full', depth };
  // The embedded log lives in the store.
  const workspace: PartState = { state: engine.workspace.isReady ? 'ready' : 'empty' };
  const parts = { store, log: { state: store.state }, capture, workspace };
  const isReady = [store, capture].every((part) => part.state === 'ready');
  return { status: isReady ? 'ready' : 'not_ready', parts };
}
