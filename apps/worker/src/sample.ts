import {
  appendEngineEvents,
  pause,
  type EngineEvent,
  type LoopWork,
  type Replies,
} from '#libs/application';
import {
  PostgresEntranceJobs,
  PostgresSampleStore,
  type AnchoredClock,
  type SandboxMessageRow,
} from '#libs/adapter-postgres';
import { readReply } from '#libs/channel-sms';
import { logKeyOf, type RawEvent } from '#libs/contracts';
import { hashId, type JsonObject, type ProfileId } from '#libs/kernel';
import {
  readLinks,
  SampleRunner,
  type ReceivedMessage,
  type SamplePorts,
  type SampleProgress,
} from '#libs/sample';
import type { Engine } from './engine.js';
import { removalOf } from './sample-removal.js';

const SEED = 'maison-lumen';
const MESSAGES_PER_TURN = 300;
const MOST_TASKS = 500;

/** What the sample's people act through. */
export interface SampleOptions {
  readonly engine: Engine;
  readonly clock: Pick<AnchoredClock, 'nowMs' | 'speed'>;
  readonly replies: Replies;
  /** Told as loading goes on: a share from 0 to 1. */
  readonly onLoading: (share: number) => void;
}

/** Loads the sample's past, then lets its people live; they act through the product's own doors. */
export function sampleLoop(options: SampleOptions): LoopWork {
  const { engine } = options;
  const runner = sampleRunner(options);
  let isLoaded = false;
  let isSettled = false;
  const removal = removalOf(engine);
  let isRemoved = false;
  return {
    name: 'sample',
    turn: async (signal) => {
      if (isRemoved || !engine.workspace.isReady) return 0;
      isRemoved = (await removal.state()).state !== 'none';
      if (isRemoved) return 0;
      if (!isLoaded) {
        isLoaded = await runner.loadHistory(({ share }) => options.onLoading(share), signal);
        if (isLoaded) options.onLoading(1);
        return 1;
      }
      if (!isSettled) isSettled = await takeInMembers(engine);
      return await runner.turn(signal);
    },
    idle: (signal) => pause(250, signal),
  };
}

/**
 * Once the past is applied, scenarios that take in members at publishing do so again: the workspace
 * was published before its people were there. Answers whether that is done.
 */
async function takeInMembers(engine: Engine): Promise<boolean> {
  const { clock, database } = engine.options;
  const lag = await engine.log.lag('history');
  if (lag.some((part) => part.lag > 0)) return false;
  await database.transaction((tx) => new PostgresEntranceJobs().reopen(tx, clock.nowMs()));
  return true;
}

function sampleRunner(options: SampleOptions): SampleRunner {
  return new SampleRunner({ seed: SEED, people: 2_000, accounts: 60, ports: samplePorts(options) });
}

/** What the sample's people read and do in this engine. */
export function samplePorts(options: Omit<SampleOptions, 'onLoading'>): SamplePorts {
  const { engine, clock } = options;
  const store = new PostgresSampleStore(engine.options.database);
  return {
    clock,
    progress: progressOf(store),
    appendHistorical: (events) => append(engine, 'events.historical', events),
    appendLive: (events) => append(engine, 'events.raw', events),
    caught: async (sinceSeq) =>
      (await store.caught(sinceSeq, MESSAGES_PER_TURN)).map(receivedMessage),
    openTasks: async () =>
      (await store.openTasks(MOST_TASKS)).flatMap(({ address, ...task }) =>
        address === null ? [] : [{ ...task, person: address }],
      ),
    fetchUrl: visit,
    ...answersOf(options, store),
    isAwake: () => clock.speed > 0,
    pause,
  };
}

function progressOf(store: PostgresSampleStore): SamplePorts['progress'] {
  return {
    load: async () => {
      const text = await store.progress();
      return text === null ? null : (JSON.parse(text) as SampleProgress);
    },
    save: (progress) => store.saveProgress(JSON.stringify(progress)),
  };
}

async function append(
  engine: Engine,
  topic: 'events.raw' | 'events.historical',
  events: readonly RawEvent[],
): Promise<void> {
  await engine.log.append(
    topic,
    events.map((event) => ({ key: logKeyOf(event), value: event as unknown as JsonObject })),
  );
}

/** Goes through the product's own front, as a person's browser would. */
async function visit(url: string, method: 'GET' | 'POST'): Promise<void> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
}

/** What people answer with: complaints, replies, and reps who close their tasks. */
function answersOf(
  options: Omit<SampleOptions, 'onLoading'>,
  store: PostgresSampleStore,
): Pick<SamplePorts, 'complain' | 'reply' | 'closeTask'> {
  const { engine, clock, replies } = options;
  const tell = async (
    kind: 'delivery' | 'task',
    id: string,
    event: Pick<EngineEvent, 'messageId' | 'name' | 'properties'>,
  ): Promise<void> => {
    const profileId = await store.personOf(kind, id);
    if (profileId === null) return;
    const about = { profileId: profileId as ProfileId };
    const whole = { ...event, about, atMs: clock.nowMs(), isSample: true };
    await engine.options.database.transaction((tx) => appendEngineEvents(engine.log, tx, [whole]));
  };
  return {
    complain: (deliveryId) =>
      tell('delivery', deliveryId, {
        messageId: `complained/${deliveryId}`,
        name: 'relance_message_complained',
        properties: { delivery_id: deliveryId },
      }),
    reply: async (from, text) => {
      const id = hashId('sample-reply', from, text, String(clock.nowMs()));
      await replies.hear({ id, from, intent: readReply(text) });
    },
    closeTask: (taskId, outcome) =>
      tell('task', taskId, {
        messageId: `task-closed/${taskId}`,
        name: 'relance_task_closed',
        properties: { task_id: taskId, outcome },
      }),
  };
}

function receivedMessage(row: SandboxMessageRow): ReceivedMessage {
  const headers = Object.fromEntries(
    (JSON.parse(row.headers) as readonly (readonly [string, string])[]).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  return {
    seq: row.seq,
    channel: row.channel === 'sms' ? 'sms' : 'email',
    to: row.recipient,
    receivedAtMs: row.atMs,
    deliveryId: row.deliveryId,
    scenario: row.scenario,
    action: row.action,
    text: `${row.subject}\n${row.body}`,
    ...readLinks({ html: row.html, text: row.body, headers }),
  };
}
