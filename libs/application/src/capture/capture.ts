import { logKeyOf } from '#libs/contracts';
import type { Clock, EpochMs } from '#libs/kernel';
import type { CaptureQueue } from './capture-queue.js';
import { isMap } from './context.js';
import { normaliseMessage, type CaptureFacts } from './normalise.js';
import type { RateLimit } from './rate-limit.js';
import type { Refusals } from './refusals.js';
import { BATCH_MAX_EVENTS, type CaptureCode } from './rejection.js';
import { readInstant } from './times.js';

/** Who sends: a source by its write key, or a program by an API key. */
export interface CaptureCaller {
  readonly source: string;
  readonly isProgram: boolean;
}

/** A request as parsed from JSON. */
export interface CaptureRequest {
  readonly body: unknown;
  /** The call of a single message; absent for a batch. */
  readonly type?: string;
  readonly hasEscapes: boolean;
  readonly remoteIp?: string | undefined;
}

/** The verdict on every event of a request, by its index. */
export interface CaptureVerdict {
  /** True where nothing was refused. */
  readonly success: boolean;
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly code: CaptureCode }[];
}

/** What became of a whole request. */
export type CaptureOutcome =
  | { readonly kind: 'done'; readonly verdict: CaptureVerdict }
  /** Not an object, or a batch without a list. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'slow_down'; readonly waitSeconds: number }
  /** The queue is full or the log does not answer: nothing is lost if the caller sends again. */
  | { readonly kind: 'unavailable' };

/** What capture works with. */
export interface CapturePorts {
  readonly clock: Clock;
  readonly wallMs: () => EpochMs;
  readonly newId: () => string;
  readonly isBot: (userAgent: string) => boolean;
  readonly live: CaptureQueue;
  readonly historical: CaptureQueue;
  readonly limit: RateLimit;
  readonly refusals: Refusals;
  /** Told of a log that did not take events. */
  readonly onFault: (error: unknown) => void;
}

interface Texts {
  readonly keys: string[];
  readonly values: string[];
}

/** Takes messages of Segment's protocol onto the log. */
export class Capture {
  private acceptedCount = 0;
  private readonly rejectedCounts = new Map<string, number>();

  constructor(private readonly ports: CapturePorts) {}

  /** Events accepted since the start. */
  get accepted(): number {
    return this.acceptedCount;
  }

  /** Events, and whole requests, refused since the start, by code. */
  get rejected(): ReadonlyMap<string, number> {
    return this.rejectedCounts;
  }

  /** Events waiting for the disk. */
  get queueDepth(): number {
    return this.ports.live.depth + this.ports.historical.depth;
  }

  /** Counts a request that was refused as a whole; `what` says which, and nothing of its content. */
  refused(source: string, code: string, what: string): void {
    this.rejectedCounts.set(code, (this.rejectedCounts.get(code) ?? 0) + 1);
    this.ports.refusals.add(source, code, { [what]: null }, this.ports.wallMs());
  }

  /** Answers once every accepted event is on disk. */
  async take(request: CaptureRequest, caller: CaptureCaller): Promise<CaptureOutcome> {
    const { body } = request;
    if (!isMap(body)) return { kind: 'malformed' };
    const messages = request.type === undefined ? body['batch'] : [body];
    if (!Array.isArray(messages)) return { kind: 'malformed' };
    if (messages.length > BATCH_MAX_EVENTS) return { kind: 'too_many' };
    const waitSeconds = this.ports.limit.take(caller.source, messages.length);
    if (waitSeconds > 0) return { kind: 'slow_down', waitSeconds };
    const live: Texts = { keys: [], values: [] };
    const historical: Texts = { keys: [], values: [] };
    const facts = this.factsOf(request, body, caller);
    const rejected = this.normaliseAll(messages, { request, body, facts, live, historical });
    const isStored = await this.store(live, historical);
    if (!isStored) return { kind: 'unavailable' };
    const accepted = live.keys.length + historical.keys.length;
    this.acceptedCount += accepted;
    return { kind: 'done', verdict: { success: rejected.length === 0, accepted, rejected } };
  }

  /** Waits until all that was taken is on disk, and hands over the counts. */
  async drain(): Promise<void> {
    await this.ports.live.drain();
    await this.ports.historical.drain();
    await this.ports.refusals.flush().catch(this.ports.onFault);
  }

  private factsOf(
    request: CaptureRequest,
    body: Record<string, unknown>,
    caller: CaptureCaller,
  ): CaptureFacts {
    const { clock, wallMs, isBot, newId } = this.ports;
    const { source } = body;
    const isNamed = caller.isProgram && typeof source === 'string' && SOURCE.test(source);
    return {
      source: isNamed ? source : caller.source,
      isProgram: caller.isProgram,
      receivedAtMs: clock.nowMs(),
      wallMs: wallMs(),
      sentAtMs: readInstant(body['sentAt']),
      isHistorical: caller.isProgram && body['historical'] === true,
      hasEscapes: request.hasEscapes,
      remoteIp: request.remoteIp,
      isBot,
      newId,
    };
  }

  private normaliseAll(messages: readonly unknown[], at: Normalising): CaptureVerdict['rejected'] {
    const rejected: { index: number; code: CaptureCode }[] = [];
    const shared = at.request.type === undefined ? at.body['context'] : undefined;
    messages.forEach((given, index) => {
      const message = prepared(given, at.request.type, shared);
      const read = normaliseMessage(message, at.facts);
      if (!read.ok) {
        rejected.push({ index, code: read.error });
        this.rejectedCounts.set(read.error, (this.rejectedCounts.get(read.error) ?? 0) + 1);
        this.ports.refusals.add(at.facts.source, read.error, given, at.facts.wallMs);
        return;
      }
      const into = read.value.historical ? at.historical : at.live;
      into.keys.push(logKeyOf(read.value));
      into.values.push(JSON.stringify(read.value));
    });
    return rejected;
  }

  private async store(live: Texts, historical: Texts): Promise<boolean> {
    const lanes = [
      { queue: this.ports.live, texts: live },
      { queue: this.ports.historical, texts: historical },
    ].filter(({ texts }) => texts.keys.length > 0);
    try {
      const stored = await Promise.all(
        lanes.map(({ queue, texts }) => queue.add(texts.keys, texts.values)),
      );
      return stored.every(Boolean);
    } catch (error) {
      this.ports.onFault(error);
      return false;
    }
  }
}

interface Normalising {
  readonly request: CaptureRequest;
  readonly body: Record<string, unknown>;
  readonly facts: CaptureFacts;
  readonly live: Texts;
  readonly historical: Texts;
}

const SOURCE = /^[a-z][a-z0-9_-]{0,63}$/;

/** The route says what a single call is; a batch may hold the context of all its messages. */
function prepared(given: unknown, type: string | undefined, shared: unknown): unknown {
  if (!isMap(given)) return given;
  if (type !== undefined) given['type'] = type;
  else if (given['context'] === undefined && isMap(shared)) given['context'] = { ...shared };
  return given;
}
