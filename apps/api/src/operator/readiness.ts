import { consumerProgress, isLeaseHeld } from '#libs/adapter-postgres';
import type { Engine } from '../engine/engine.js';

/** State of one part. */
export interface PartState {
  /**
   * `behind`: it answers, but what it has to read waits too long. `empty`: nothing was published or
   * carried yet, which keeps nobody from sending events.
   */
  readonly state: 'ready' | 'behind' | 'down' | 'full' | 'empty';
  readonly latencyMs?: number;
  readonly depth?: number;
  /** Since when its oldest unread record lies in the log, in milliseconds; 0 when none does. */
  readonly behindMs?: number;
}

/** What `/readyz` says. */
export interface Readiness {
  /** `degraded`: events are taken and kept, but a part that works on them does not, or is late. */
  readonly status: 'ready' | 'degraded' | 'not_ready';
  readonly parts: Readonly<Record<string, PartState>>;
}

const ANSWERS_WITHIN_MS = 2_000;
const NEARLY_FULL_EVENTS = 45_000;
/** Several times what a worker that comes back after a kill needs. */
const BEHIND_AFTER_MS = 30_000;

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** The answer and how long it took; null where it is a fault, or late. */
async function within<Value>(
  ask: Promise<Value>,
): Promise<{ readonly value: Value; readonly latencyMs: number } | null> {
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ANSWERS_WITHIN_MS);
  });
  try {
    const value = await Promise.race([ask, late]);
    return { value, latencyMs: tenths(performance.now() - startMs) };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function storeState({ database }: Engine): Promise<PartState> {
  const answer = await within(database.query('SELECT 1'));
  return answer === null ? { state: 'down' } : { state: 'ready', latencyMs: answer.latencyMs };
}

/** How long the oldest record waits for the consumer; null where it never read, or cannot be asked. */
async function behindOf(
  { database }: Engine,
  consumer: 'router' | 'analytics',
): Promise<number | null> {
  const topic = consumer === 'router' ? 'profile.changes' : 'facts';
  const answer = await within(consumerProgress(database, consumer, topic));
  if (answer === null || answer.value === null) return null;
  const { unreadSinceMs } = answer.value;
  return unreadSinceMs === null ? 0 : Math.max(0, Math.round(Date.now() - unreadSinceMs));
}

/** The worker that steps enrolments holds the router's lease, and renews it every few seconds. */
async function runtimeState(engine: Engine): Promise<PartState> {
  if (!engine.workspace.isReady) return { state: 'empty' };
  const held = await within(isLeaseHeld(engine.database, 'router', Date.now()));
  const behindMs = await behindOf(engine, 'router');
  const waits = behindMs === null ? {} : { behindMs };
  if (held?.value !== true) return { state: 'down', ...waits };
  return { state: (behindMs ?? 0) > BEHIND_AFTER_MS ? 'behind' : 'ready', ...waits };
}

/** ClickHouse answers, and the sink, whose offsets move when it took a batch, keeps up. */
async function analyticsState(engine: Engine): Promise<PartState | null> {
  if (engine.analytics === null) return null;
  const [answer, behindMs] = await Promise.all([
    within(engine.analytics.query('SELECT 1')),
    behindOf(engine, 'analytics'),
  ]);
  const waits = behindMs === null ? {} : { behindMs };
  if (answer === null) return { state: 'down', ...waits };
  const { latencyMs } = answer;
  if (behindMs === null) return { state: 'empty', latencyMs };
  return { state: behindMs > BEHIND_AFTER_MS ? 'behind' : 'ready', latencyMs, behindMs };
}

/**
 * Asks each part whether it does its work. Events can be taken while the store and the queue before
 * it do theirs; the runtime and ClickHouse only delay what becomes of them.
 */
export async function readiness(engine: Engine): Promise<Readiness> {
  const store = await storeState(engine);
  const isUp = store.state === 'ready';
  const [runtime, analytics] = await Promise.all([
    // The embedded runtime lives in the store.
    isUp ? runtimeState(engine) : { state: 'down' as const },
    analyticsState(engine),
  ]);
  const depth = engine.capture.queueDepth;
  const capture: PartState = { state: depth < NEARLY_FULL_EVENTS ? 'ready' : 'full', depth };
  const workspace: PartState = { state: engine.workspace.isReady ? 'ready' : 'empty' };
  const late = [runtime, analytics].some((part) =>
    ['down', 'behind'].includes(part?.state ?? 'ready'),
  );
  const able = isUp && capture.state === 'ready';
  return {
    status: able ? (late ? 'degraded' : 'ready') : 'not_ready',
    parts: {
      store,
      // The embedded log lives in the store.
      log: { state: store.state },
      capture,
      workspace,
      runtime,
      ...(analytics === null ? {} : { analytics }),
    },
  };
}
